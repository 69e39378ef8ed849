"""Shapes of input under /records/holds/."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import User
from accounts.queries import may
from audit.clock import now
from messaging.models import Channel
from messaging.search.errors import QueryError
from messaging.search.query import MAX_CHARS, parse
from messaging.services.channels import members_key
from retention.forms import PeopleField, ReasonForm, day_field
from retention.models import Hold
from retention.queries.holds import may_own
from retention.queries.reach import exportable_for

if TYPE_CHECKING:
    _Channels = forms.ModelMultipleChoiceField[Channel]
    _People = forms.ModelMultipleChoiceField[User]
else:
    _Channels = _People = forms.ModelMultipleChoiceField

_REVIEW_DAYS: Final = 90


class HoldForm(ReasonForm):
    """What is held, why, and when somebody looks at it again."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of hold"), choices=Hold.Kind.choices)
    people = _People(
        User.objects.none(),
        label=gettext_lazy("People"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Everything that they wrote, and their direct conversations. "
            "Together with channels, only what they wrote there."
        ),
    )
    channels = _Channels(
        Channel.objects.none(),
        label=gettext_lazy("Channels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    conversation = PeopleField(
        label=gettext_lazy("Or a direct conversation of exactly these people"),
        required=False,
        help_text=gettext_lazy("Names or e-mail addresses, parted by commas."),
    )
    since = day_field(gettext_noop("First day"), required=False)
    until = day_field(
        gettext_noop("Last day"),
        required=False,
        help_text=gettext_lazy("Left empty, the hold also catches what is still to be written."),
    )
    words = forms.CharField(
        label=gettext_lazy("Only what holds these words"),
        required=False,
        max_length=MAX_CHARS,
        help_text=gettext_lazy(
            "Typed as in a search. Everything that the hold covers is kept until they have been "
            "looked for in all of it; they stand sealed in the record."
        ),
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who looks after it?"),
        help_text=gettext_lazy("They are reminded when it is time to look at it again."),
    )
    review_on = day_field(gettext_noop("Look at it again on"))
    field_order = (
        "kind", "people", "channels", "conversation", "since", "until", "words",
        "reason", "owner", "review_on",
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        named = exportable_for(viewer).exclude(kind=Channel.Kind.DIRECT).order_by("name")
        _choose(self.fields["channels"], named)
        _choose(self.fields["people"], User.objects.exclude(pk=viewer.pk).order_by("display_name"))
        _choose(self.fields["owner"], _working_with_records())
        self.fields["owner"].initial = viewer.pk
        self.fields["review_on"].initial = (now() + timedelta(days=_REVIEW_DAYS)).date()

    def clean_words(self) -> str:
        """A search that can be read."""
        words = str(self.cleaned_data["words"]).strip()
        if words:
            try:
                parse(words)
            except QueryError as wrong:
                raise forms.ValidationError(str(wrong)) from None
        return words

    def clean(self) -> dict[str, Any]:
        """A hold has to be on something, and its last day not before its first."""
        values = super().clean() or {}
        values["channels"] = list(values.get("channels") or ())
        if values.get("conversation"):
            self._add_conversation(values)
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must not lie before the first."))
        parts = (values["channels"], values.get("people"), since, until, values.get("words"))
        if not self.errors and not any(parts):
            self.add_error("people", _("Name people, channels, a day or words."))
        return values

    def _add_conversation(self, values: dict[str, Any]) -> None:
        key = members_key(person.pk for person in values["conversation"])
        found = exportable_for(self.viewer).filter(members_key=key).first()
        if found is None:
            self.add_error("conversation", _("There is no direct conversation of these people."))
        else:
            values["channels"].append(found)


class ReviewForm(ReasonForm):
    """Why a hold goes on, who looks at it next, and when."""

    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who looks after it?"))
    review_on = day_field(gettext_noop("Look at it again on"))
    field_order = ("reason", "owner", "review_on")

    def __init__(self, *args: Any, hold: Hold, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [person.pk for person in _working_with_records() if may_own(person, hold)]
        _choose(self.fields["owner"], User.objects.filter(pk__in=able).order_by("display_name"))
        self.fields["owner"].initial = hold.owner_id
        self.fields["review_on"].initial = (now() + timedelta(days=_REVIEW_DAYS)).date()


def _working_with_records() -> Any:
    people = User.objects.filter(is_active=True, groups__isnull=False).distinct()
    able = [person.pk for person in people if may(person, "use_records")]
    return User.objects.filter(pk__in=able).order_by("display_name")


def _choose(field: forms.Field, rows: Any) -> None:
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows
