"""Shapes of input: a search with a reason, a message passed on, what is looked for in the log."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import User
from messaging.models import Channel
from messaging.search.query import MAX_CHARS
from oversight.errors import ReasonTooShort
from oversight.inquiry import DEFAULT_DAYS, LEAST_REASON_CHARS, Inquiry
from oversight.models import Concern
from oversight.queries.desk import channels_of_desk, concerns_for, people_of_desk
from oversight.queries.filters import CASES, Wanted
from oversight.queries.verifications import Period
from oversight.services.concerns import MOST_NOTE_CHARS
from oversight.times import start_of
from oversight.wording import GROUPS, actions_of, said

_SPANS: Final = {
    str(DEFAULT_DAYS): format_lazy(gettext_lazy("The last {days} days"), days=DEFAULT_DAYS),
    "365": gettext_lazy("The last year"),
    "all": gettext_lazy("Everything that is kept"),
    "dates": gettext_lazy("Between the dates below"),
}
_CASES: Final = {
    "search": gettext_noop("Search"),
    "concern": gettext_noop("Concern"),
    "hold": gettext_noop("Hold"),
    "disposal": gettext_noop("Disposal"),
    "export": gettext_noop("Export"),
}
_DATE: Final = {"type": "date"}
_MOST_NUMBER: Final = 2**53  # what the log's JSON can hold


def _acts_by_group() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """The log's vocabulary for a select, in its groups."""
    return [
        ("", _("Anything")),
        *(
            (_(label), [(str(action), said(action)) for action in actions_of(group)])
            for group, label in GROUPS.items()
        ),
    ]


def _date_field(label: str) -> forms.DateField:
    """A day; `label` is looked up where it is shown."""
    return forms.DateField(
        label=gettext_lazy(label),
        required=False,
        widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"),
        # Beyond them a midnight in another time zone is no date any more.
        validators=[MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))],
    )


class SearchForm(forms.Form):
    """A search of the whole record: why, for what, where and when."""

    reason = forms.CharField(
        min_length=LEAST_REASON_CHARS,
        max_length=2_000,
        label=gettext_lazy("Why do you search?"),
        help_text=format_lazy(
            gettext_lazy(
                "What you were told, by whom, and what you expect to find: at least {least} "
                "characters. It is kept, sealed, with the search."
            ),
            least=LEAST_REASON_CHARS,
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy(ReasonTooShort.__doc__ or ""),
            "min_length": gettext_lazy(ReasonTooShort.__doc__ or ""),
        },
    )
    words = forms.CharField(
        max_length=MAX_CHARS,
        required=False,
        label=gettext_lazy("Words"),
        help_text=gettext_lazy(
            "All of these words are looked for, in any form: trip also finds trips."
        ),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    person = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        label=gettext_lazy("Written by"),
        empty_label=gettext_lazy("Anybody, imported names included"),
    )
    channel = forms.ModelChoiceField(
        queryset=Channel.objects.none(),
        required=False,
        label=gettext_lazy("Where"),
        empty_label=gettext_lazy("Every channel and direct message"),
    )
    span = forms.ChoiceField(
        choices=list(_SPANS.items()),
        initial=str(DEFAULT_DAYS),
        required=False,
        label=gettext_lazy("How far back?"),
        help_text=gettext_lazy(
            "Look no further than you need. A wider search is a new one, with its reason."
        ),
        widget=forms.RadioSelect,
    )
    since = _date_field(gettext_noop("From"))
    until = _date_field(gettext_noop("To"))
    name = forms.CharField(
        required=False,
        max_length=80,
        label=gettext_lazy("Keep it as"),
        help_text=gettext_lazy(
            "A name, if you will make this search again: then one click does. Every time is "
            "recorded."
        ),
    )
    concern = forms.ModelChoiceField(
        queryset=Concern.objects.none(),
        required=False,
        label=gettext_lazy("For the concern"),
        empty_label=gettext_lazy("None"),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("person", people_of_desk(by))
        named = channels_of_desk(by).exclude(kind=Channel.Kind.DIRECT).order_by("name")
        self._choose("channel", named)
        self._choose("concern", concerns_for(by))

    def _choose(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Something must be looked for, and dates must be there if they are asked for."""
        values = super().clean() or {}
        if not any(values.get(name) for name in ("words", "person", "channel")):
            self.add_error("words", _("Type a word, or choose a person or a channel."))
        since, until = values.get("since"), values.get("until")
        if values.get("span") == "dates" and not (since or until):
            self.add_error("since", _("Choose the first day, the last day, or both."))
        if since and until and until < since:
            self.add_error("until", _("Choose a last day that is not before the first."))
        return values

    def inquiry(self) -> Inquiry:
        """The form as a search. Dates that were filled in count before the span."""
        values = self.cleaned_data
        until = values["until"]
        return Inquiry(
            reason=values["reason"].strip(),
            words=values["words"].strip(),
            person=values["person"].pk if values["person"] else None,
            channel=values["channel"].pk if values["channel"] else None,
            since=self._since(),
            until=start_of(until + timedelta(days=1)) if until else None,
            name=values["name"].strip(),
            concern=values["concern"].number if values["concern"] else None,
        )

    def _since(self) -> datetime | None:
        values = self.cleaned_data
        if values["since"]:
            return start_of(values["since"])
        if values["until"] or values["span"] == "all":
            return None
        days = int(values["span"] or DEFAULT_DAYS)
        return start_of(timezone.localdate() - timedelta(days=days))


class ConcernForm(forms.Form):
    """A message on its way to the safeguarding lead."""

    note = forms.CharField(
        required=False,
        max_length=MOST_NOTE_CHARS,
        label=gettext_lazy("What worries you?"),
        help_text=gettext_lazy("Nobody reads it but those who look after safeguarding."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LogForm(forms.Form):
    """What is looked for in the log: the address holds it, so that a page can be passed on."""

    group = forms.ChoiceField(
        choices=[("", gettext_lazy("All")), *GROUPS.items()],
        required=False,
        widget=forms.HiddenInput,
    )
    action = forms.ChoiceField(
        choices=_acts_by_group,
        required=False,
        label=gettext_lazy("What was done"),
    )
    actor = forms.UUIDField(required=False, label=gettext_lazy("By the person with the id"))
    subject = forms.UUIDField(
        required=False, label=gettext_lazy("To the person or thing with the id")
    )
    case = forms.ChoiceField(
        choices=[
            ("", gettext_lazy("Any case or none")),
            *((kind, gettext_lazy(_CASES[kind])) for kind in CASES),
        ],
        required=False,
        label=gettext_lazy("About a"),
    )
    number = forms.IntegerField(
        required=False, min_value=1, max_value=_MOST_NUMBER, label=gettext_lazy("Its number")
    )
    since = _date_field(gettext_noop("From"))
    until = _date_field(gettext_noop("Until"))

    def __init__(self, *args: Any, names: bool, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            del self.fields["actor"]
        for name, label in (("actor", _("By")), ("subject", _("To"))):
            if names and name in self.fields:
                self.fields[name] = _PersonField(label, self.data.get(name, ""))

    def wanted(self) -> Wanted:
        """The filters that can be read; what cannot is left out."""
        self.full_clean()
        values = {name: value for name, value in self.cleaned_data.items() if value}
        if not values.keys() >= {"case", "number"}:  # one without the other says nothing
            values = {name: values[name] for name in values.keys() - {"case", "number"}}
        return Wanted(**values)


class _PersonField(forms.TypedChoiceField):
    """Somebody by name; an id that the address brought along and that is nobody's stays, too."""

    def __init__(self, label: str, brought: str) -> None:
        people = User.objects.order_by("display_name").values_list("id", "display_name")
        choices = [("", _("Anybody")), *((str(person), name) for person, name in people)]
        if brought and brought not in dict(choices):
            choices.append((brought, _("Id %(id)s") % {"id": brought}))
        super().__init__(
            label=label, choices=choices, coerce=UUID, empty_value=None, required=False
        )


class PeriodForm(forms.Form):
    """From one day to another, both included."""

    since = _date_field(gettext_noop("From"))
    until = _date_field(gettext_noop("Until"))

    def period(self) -> Period:
        """The days that can be read."""
        self.full_clean()
        return Period(since=self.cleaned_data.get("since"), until=self.cleaned_data.get("until"))
