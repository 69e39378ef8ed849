"""The shapes of input of the chat's pages."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from messaging.models import Channel, Membership

if TYPE_CHECKING:
    _Many = forms.ModelMultipleChoiceField[User]
    _One = forms.ModelChoiceField[User]
else:
    _Many, _One = forms.ModelMultipleChoiceField, forms.ModelChoiceField


class _PeopleField(_Many):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.display_name} ({obj.job_title})" if obj.job_title else obj.display_name


class _PersonField(_One):
    label_from_instance = _PeopleField.label_from_instance


def _colleagues(*, but: User | None = None) -> Any:
    people = User.objects.filter(is_active=True).order_by("display_name")
    return people.exclude(id=but.id) if but else people


def _choose(form: forms.Form, name: str, people: Any) -> None:
    form.fields[name].queryset = people  # type: ignore[attr-defined]


class NewChannelForm(forms.Form):
    """A channel's name, kind, purpose and first members."""

    name = forms.CharField(max_length=80, label=gettext_lazy("Name"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Who can come in?"),
        choices=[
            ("open", gettext_lazy("Open: any member of staff can find and join it")),
            ("private", gettext_lazy("Private: only people whom an owner adds")),
            (
                "announcement",
                gettext_lazy("Announcements: only owners post, everybody added can read"),
            ),
        ],
        initial="private",
    )
    purpose = forms.CharField(
        max_length=250,
        required=False,
        label=gettext_lazy("Purpose"),
        help_text=gettext_lazy("One line, shown to its members."),
    )
    members = _PeopleField(
        queryset=User.objects.none(),
        required=False,
        label=gettext_lazy("Members"),
        widget=forms.CheckboxSelectMultiple,
    )

    about = _PeopleField(
        queryset=User.objects.none(),
        required=False,
        label=gettext_lazy("Is it about a colleague?"),
        help_text=gettext_lazy(
            "For a private channel that concerns somebody, such as an investigation: no role "
            "that they hold reaches into it, and it is searched apart from all others."
        ),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "members", _colleagues(but=by))
        _choose(self, "about", _colleagues(but=by))

    def clean(self) -> dict[str, Any]:
        """Only a private channel can be about somebody, and never with them in it."""
        data = super().clean() or {}
        about = set(data.get("about") or ())
        if about and data.get("kind") != Channel.Kind.PRIVATE:
            self.add_error("about", _("Only a private channel can be about a colleague."))
        if about & set(data.get("members") or ()):
            self.add_error("about", _("A channel about somebody cannot have them as a member."))
        data["sensitive"] = bool(about)
        return data


class DirectForm(forms.Form):
    """The people of a direct conversation."""

    people = _PeopleField(
        queryset=User.objects.none(),
        label=gettext_lazy("With whom?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one colleague.")},
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "people", _colleagues(but=by))


class MemberForm(forms.Form):
    """A colleague who is not yet in the channel."""

    person = _PersonField(queryset=User.objects.none(), label=gettext_lazy("Add a colleague"))

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = channel.memberships.filter(left_at=None).values("person")
        _choose(self, "person", _colleagues().exclude(id__in=inside))


class RoleForm(forms.Form):
    """What a member may do in the channel."""

    role = forms.ChoiceField(choices=Membership.Role.choices)


class ChannelSettingsForm(forms.Form):
    """What a channel is called, what it is for, and who may mention everybody in it."""

    name = forms.CharField(max_length=80, label=gettext_lazy("Name"))
    purpose = forms.CharField(
        max_length=250,
        required=False,
        label=gettext_lazy("Purpose"),
        help_text=gettext_lazy("One line, shown to its members."),
    )
    mention_all = forms.ChoiceField(
        label=gettext_lazy("Who may use @everyone and @here?"),
        help_text=gettext_lazy(
            "Whoever writes one of them mentions every member at once. The words of somebody "
            "who may not are sent, and mention nobody."
        ),
        choices=Channel.MentionAll.choices,
        widget=forms.RadioSelect,
    )
    no_images = forms.BooleanField(
        label=gettext_lazy("No pictures in this channel"),
        help_text=gettext_lazy(
            "Photos and other pictures are refused here, whoever sends them. Those that are here "
            "already stay."
        ),
        required=False,
    )
