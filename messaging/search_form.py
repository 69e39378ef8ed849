"""What a member's search asks beside its words: the fields, and whom and what they may name."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Final, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from messaging.models import Channel, Message
from messaging.queries import Named, channels_for, names_for
from messaging.search.asked import HAS, Choices
from messaging.search.best import MOST_RANKED
from messaging.search.query import Has

BEST: Final = "best"
FILTERS: Final = ("channel", "person", "since", "until", "has")

_NO_CHANNEL: Final = gettext_lazy("This is none of your channels. Choose one of them, or all.")
_NOBODY: Final = gettext_lazy("This is nobody whom you can look for. Choose somebody, or anybody.")
_NO_DAY: Final = gettext_lazy("There is no such day. Type one as in 30/11/2026.")


def _day() -> forms.DateField:
    return forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y"],
        error_messages={"invalid": _NO_DAY},
        # Beyond them a midnight in another time zone is no date any more.
        validators=[
            MinValueValidator(date(1900, 1, 1), _NO_DAY),
            MaxValueValidator(date(2999, 12, 31), _NO_DAY),
        ],
    )


class OwnSearchForm(forms.Form):
    """If wanted, one of one's channels, the person who wrote, days and what it has. The words are
    read as they are: the search says itself what it cannot read."""

    channel = forms.UUIDField(required=False, error_messages={"invalid": _NO_CHANNEL})
    person = forms.UUIDField(required=False, error_messages={"invalid": _NOBODY})
    since = _day()
    until = _day()
    has = forms.TypedChoiceField(
        choices=[(has.value, label) for has, label in HAS.items()],
        coerce=Has,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one from the list, or anything.")},
    )
    sort = forms.ChoiceField(choices=[(BEST, BEST)], required=False)
    skip = forms.IntegerField(min_value=0, max_value=MOST_RANKED, required=False)

    def __init__(self, data: Mapping[str, Any], *, choices: Choices) -> None:
        super().__init__(data)
        self._choices = choices
        self.full_clean()

    def clean_channel(self) -> UUID | None:
        """One of the person's own: whether there is another of this id is not said."""
        channel: UUID | None = self.cleaned_data["channel"]
        if channel and channel not in self._choices.channels:
            raise ValidationError(_NO_CHANNEL)
        return channel

    def clean_person(self) -> UUID | None:
        """Somebody whom the person may see: whether there is another of this id is not said."""
        person: UUID | None = self.cleaned_data["person"]
        known = person in self._choices.people or person in self._choices.former
        if person and not known:
            raise ValidationError(_NOBODY)
        return person

    def clean(self) -> dict[str, Any]:
        """Days in their order."""
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", _("Choose a last day that is not before the first."))
        return values

    def filled(self) -> dict[str, Any]:
        """What of it is filled in and can be read."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def wrong(self) -> dict[str, str]:
        """By each filter what to do about it; empty where nothing is wrong."""
        return {name: str(self.errors[name][0]) if name in self.errors else "" for name in FILTERS}

    @property
    def is_wrong(self) -> bool:
        """Whether a filter cannot be read. A page that is none is only left out."""
        return any(self.wrong.values())

    @property
    def days(self) -> dict[str, dict[str, str]]:
        """The type and value of a day's input: what is no day stays as it was typed."""
        return {name: self._day(name) for name in ("since", "until")}

    def _day(self, name: str) -> dict[str, str]:
        typed = str(self.data.get(name, "")).strip()
        try:
            day = self.fields[name].to_python(typed)
        except ValidationError:
            return {"type": "text", "value": typed}
        return {"type": "date", "value": day.isoformat() if day else ""}


def choices_of(person: User) -> Choices:
    """Whom and what the filters may name: colleagues, those who left and wrote where the person
    may read, and the person's own channels."""
    people = User.objects.filter(is_active=True).order_by("display_name")
    channels = sorted(_channel_names(person).items(), key=lambda pair: pair[1].casefold())
    return Choices(
        me=person,
        people=dict(people.values_list("id", "display_name")),
        channels=dict(channels),
        # Asked for only where the answer depends on it: not while somebody types words.
        former=cast("Mapping[UUID, str]", SimpleLazyObject(partial(_former, person))),
    )


def _former(person: User) -> dict[UUID, str]:
    written = Message.objects.filter(
        author=OuterRef("pk"), channel__in=channels_for(person).values("id"), out_of_view=False
    )
    people = User.objects.filter(Exists(written), is_active=False).order_by("display_name")
    return dict(people.values_list("id", "display_name"))


def _channel_names(person: User) -> dict[UUID, str]:
    """The person's channels; a direct conversation is called after its people."""
    return {channel: _shown_name(named) for channel, named in names_for(person).items()}


def _shown_name(named: Named) -> str:
    if named.kind == Channel.Kind.DIRECT:
        return _("Direct: %(name)s") % {"name": named.name}
    return str(named.name)
