"""Shapes of input: a search with a reason, a message passed on, what is looked for in the log."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone

from accounts.models import User
from messaging.models import Channel
from messaging.search.query import MAX_CHARS
from oversight.errors import ReasonTooShort
from oversight.inquiry import DEFAULT_DAYS, LEAST_REASON_CHARS, Inquiry
from oversight.queries.desk import channels_of_desk
from oversight.queries.log import Wanted
from oversight.services.concerns import MOST_NOTE_CHARS
from oversight.times import start_of
from oversight.wording import GROUPS, SAID

_SPANS: Final = {
    str(DEFAULT_DAYS): f"The last {DEFAULT_DAYS} days",
    "365": "The last year",
    "all": "Everything that is kept",
    "dates": "Between the dates below",
}
_DATE: Final = {"type": "date"}


def _date_field(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )


class SearchForm(forms.Form):
    """A search of the whole record: why, for what, where and when."""

    reason = forms.CharField(
        min_length=LEAST_REASON_CHARS,
        max_length=2_000,
        label="Why do you search?",
        help_text="What you were told, by whom, and what you expect to find: at least "
        f"{LEAST_REASON_CHARS} characters. It is kept, sealed, with the search.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": str(ReasonTooShort()),
            "min_length": str(ReasonTooShort()),
        },
    )
    words = forms.CharField(
        max_length=MAX_CHARS,
        required=False,
        label="Words",
        help_text="All of these words, in any form. “school trip” in quotation marks finds "
        "them in a row, plan* the words that begin so; OR and -without work too.",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    person = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        label="Written by",
        empty_label="Anybody, imported names included",
    )
    channel = forms.ModelChoiceField(
        queryset=Channel.objects.none(),
        required=False,
        label="Where",
        empty_label="Every channel and direct message",
    )
    span = forms.ChoiceField(
        choices=list(_SPANS.items()),
        initial=str(DEFAULT_DAYS),
        required=False,
        label="How far back?",
        help_text="Look no further than you need. A wider search is a new one, with its reason.",
        widget=forms.RadioSelect,
    )
    since = _date_field("From")
    until = _date_field("To")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("person", User.objects.order_by("display_name"))
        named = channels_of_desk(by).exclude(kind=Channel.Kind.DIRECT).order_by("name")
        self._choose("channel", named)

    def _choose(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Something must be looked for, and dates must be there if they are asked for."""
        values = super().clean() or {}
        if not any(values.get(name) for name in ("words", "person", "channel")):
            self.add_error("words", "Type a word, or choose a person or a channel.")
        since, until = values.get("since"), values.get("until")
        if values.get("span") == "dates" and not (since or until):
            self.add_error("since", "Choose the first day, the last day, or both.")
        if since and until and until < since:
            self.add_error("until", "Choose a last day that is not before the first.")
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
        label="What worries you?",
        help_text="Only the safeguarding lead and deputies read it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LogForm(forms.Form):
    """What is looked for in the log: the address holds it, so that a page can be passed on."""

    group = forms.ChoiceField(
        choices=[("", "All"), *GROUPS.items()], required=False, widget=forms.HiddenInput
    )
    action = forms.ChoiceField(
        choices=[("", "Anything"), *((str(action), words) for action, words in SAID.items())],
        required=False,
        label="What was done",
    )
    person = forms.UUIDField(required=False, label="By or to the person with the id")
    day = _date_field("Day")

    def __init__(self, *args: Any, names: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if names:
            self.fields["person"] = forms.ModelChoiceField(
                queryset=User.objects.order_by("display_name"),
                required=False,
                label="By or to",
                empty_label="Anybody",
            )

    def wanted(self) -> Wanted:
        """The filters that can be read; what cannot is left out."""
        self.full_clean()
        values = {name: value for name, value in self.cleaned_data.items() if value}
        if isinstance(person := values.get("person"), User):
            values["person"] = person.pk
        return Wanted(**values)
