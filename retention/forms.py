"""Shapes of input under /records/."""

import re
from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import User
from messaging.corrections import MOST_CHARS, MOST_REFERENCE
from messaging.models import Channel, Correction
from messaging.services.channels import members_key
from retention.models import Export
from retention.queries.reach import exportable_for
from retention.reasons import MIN_REASON

# In a link to a message its id comes last, after its channel's.
_MESSAGE_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def day_field(label: str, **more: Any) -> forms.DateField:
    """`label` is looked up where it is shown."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=gettext_lazy(label), widget=widget, **more)


class PeopleField(forms.CharField):
    """People by name or address, parted by commas; its value is the list of them."""

    def clean(self, value: Any) -> list[User]:
        """Each name belongs to one person."""
        names = (part.strip() for part in str(super().clean(value) or "").split(","))
        return [_person_called(name) for name in names if name]


def _person_called(name: str) -> User:
    found = list(User.objects.filter(Q(display_name__iexact=name) | Q(email__iexact=name))[:2])
    if not found:
        raise forms.ValidationError(_("Nobody is called %(name)s.") % {"name": name})
    if len(found) > 1:
        raise forms.ValidationError(
            _("Several people are called %(name)s: give the address.") % {"name": name}
        )
    return found[0]


class ReasonForm(forms.Form):
    """Why; it stands sealed beside the entry of the log."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        min_length=MIN_REASON,
        max_length=1_000,
        help_text=gettext_lazy("At least 20 characters. It stands sealed in the record."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class _OnChannel(ReasonForm):
    """A channel by name, or a direct conversation by its people."""

    channel = forms.ModelChoiceField(
        Channel.objects.none(), label=gettext_lazy("Channel"), required=False
    )
    people = PeopleField(
        label=gettext_lazy("Or a direct conversation of exactly these people"),
        required=False,
        help_text=gettext_lazy("Names or e-mail addresses, parted by commas."),
    )

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        named = exportable_for(viewer).exclude(kind=Channel.Kind.DIRECT).order_by("name")
        self._choose("channel", named)

    def _choose(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        """Puts the direct conversation in the place of the channel."""
        values = super().clean() or {}
        people = values.get("people")
        if people and values.get("channel"):
            self.add_error("people", _("Choose a channel or a direct conversation, not both."))
        elif people:
            key = members_key(person.pk for person in people)
            values["channel"] = exportable_for(self.viewer).filter(members_key=key).first()
            if values["channel"] is None:
                self.add_error("people", _("There is no direct conversation of these people."))
        return values


class ExportForm(_OnChannel):
    """What is taken out, for whom and why."""

    since = day_field(gettext_noop("First day"))
    until = day_field(gettext_noop("Last day"))
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        choices=Export.Purpose.choices,
        help_text=gettext_lazy(
            "It cannot be changed afterwards. A subject access or freedom of information request "
            "also places a hold, so that nothing it concerns is destroyed until it is closed."
        ),
    )
    subjects = PeopleField(
        label=gettext_lazy("Whom does it concern?"),
        required=False,
        help_text=gettext_lazy(
            "Names or e-mail addresses, parted by commas. "
            "They see nothing of it and cannot approve it."
        ),
    )
    recipient = forms.CharField(
        label=gettext_lazy("Recipient"),
        max_length=200,
        help_text=gettext_lazy("The person who is given the bundle and its passphrase."),
    )
    field_order = (
        "channel", "people", "since", "until", "purpose", "reason", "subjects", "recipient",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One channel, and the last day not before the first."""
        values = super().clean()
        if not self.errors and not values.get("channel"):
            self.add_error("channel", _("Choose a channel or a direct conversation."))
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must not lie before the first."))
        return values


class CorrectionForm(forms.Form):
    """Which message is wrong, what is right, and why it is corrected."""

    message = forms.CharField(
        label=gettext_lazy("Link to the message"),
        max_length=300,
        help_text=gettext_lazy(
            "Whoever can read the message finds it in its menu, under \u201cCopy link\u201d."
        ),
    )
    body = forms.CharField(
        label=gettext_lazy("What is right?"),
        max_length=MOST_CHARS,
        help_text=gettext_lazy("Everybody who can read the message reads this, with your name."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why is it corrected?"),
        choices=[one for one in Correction.Reason.choices if one[0] != Correction.Reason.OWN],
        help_text=gettext_lazy("It stands in the record and in exports, not in the conversation."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Number of the request or case"),
        max_length=MOST_REFERENCE,
        required=False,
        help_text=gettext_lazy("Sealed in the record, beside the reason."),
    )

    def clean_message(self) -> UUID:
        """The id in a link, or an id alone."""
        found = id_in(self.cleaned_data["message"])
        if found is None:
            raise forms.ValidationError(
                _("This is no link to a message. Please copy it from the message\u2019s menu.")
            )
        return found

    def named(self) -> UUID | None:
        """The message that the form names so far, be it filled in or not."""
        return id_in(str(self["message"].value() or ""))


def id_in(text: str) -> UUID | None:
    """The id of a message in a link to it, or an id alone."""
    found = _MESSAGE_ID.findall(text)
    return UUID(found[-1]) if found else None


class TypedNumberForm(forms.Form):
    """A number typed to confirm what cannot be undone."""

    number = forms.IntegerField(
        label=gettext_lazy("Type the number of the disposal to approve it"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input input--code"}
        ),
    )

    def __init__(self, *args: Any, expected: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_number(self) -> int:
        """Exactly this disposal's number."""
        number = int(self.cleaned_data["number"])
        if number != self.expected:
            raise forms.ValidationError(_("That is not the number of this disposal."))
        return number
