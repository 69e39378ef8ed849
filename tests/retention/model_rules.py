"""Rules of retention for the model: from when on a message is due, by naive arithmetic."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
_LONDON: Final = ZoneInfo("Europe/London")
_LAST_OF_YEAR: Final = {"academic_year": (8, 31), "calendar_year": (12, 31)}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How long the messages of a class are kept, and what happens then."""

    action: str
    trigger: str = "message"
    months: int | None = None
    days: int | None = None

    @property
    def disposes(self) -> bool:
        return self.action == "dispose"

    def due_from(self, sent: datetime, on: date | None) -> date | None:
        """The first day on which a message is due; None if that is not known."""
        return _due_from(self, sent, on)


@lru_cache(maxsize=100_000)
def _due_from(rule: Rule, sent: datetime, on: date | None) -> date | None:
    day = sent.astimezone(UTC).date()
    if rule.trigger in _LAST_OF_YEAR:
        day = sent.astimezone(_LONDON).date()
        while (day.month, day.day) != _LAST_OF_YEAR[rule.trigger]:
            day += _DAY
    elif rule.trigger != "message":
        if on is None:
            return None
        day = max(day, on)
    if rule.days is not None:
        return _next_month(day + timedelta(days=rule.days))
    for _ in range(rule.months or 0):
        day = _next_month(day)
    return _next_month(day)


def first_day(rule: Rule, sent: datetime, on: date | None) -> date:
    due = rule.due_from(sent, on) if rule.disposes else None
    return due or date.max


def _next_month(day: date) -> date:
    month = day.month
    while day.month == month:
        day += _DAY
    return day
