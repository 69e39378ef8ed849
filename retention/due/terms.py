"""When a rule's period is over: a trigger and a period, rounded up to the end of the month.

A message's day is its day in UTC, as are months, since a channel's month shares one content key.
Years end as the school's calendar has them, in London's time: what is written after midnight on
1 September belongs to the new academic year, though UTC still says August. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from retention.dates import add_months, midnight

_SCHOOL: Final = ZoneInfo("Europe/London")
_DAY: Final = timedelta(days=1)


class Trigger(StrEnum):
    """What the period is counted from."""

    MESSAGE = "message"  # the day of sending
    ACADEMIC_YEAR = "academic_year"  # the end of its academic year, 31 August
    CALENDAR_YEAR = "calendar_year"  # the end of its calendar year
    LEAVING = "leaving"  # the day on which a person left
    CLOSURE = "closure"  # the day on which a case was closed, or its outcome
    SET = "set"  # a date that somebody set


#: Those that ask for a date beyond the message's own. Until it is known, nothing falls due.
DATED: Final = frozenset({Trigger.LEAVING, Trigger.CLOSURE, Trigger.SET})
_FIRST_MONTH: Final = {Trigger.ACADEMIC_YEAR: 9, Trigger.CALENDAR_YEAR: 1}
_YEAR_IN_DAYS: Final = 366


@dataclass(frozen=True, kw_only=True)
class Term:
    """A trigger and a period of months or of days: one of them, at least 1."""

    trigger: Trigger
    months: int | None = None
    days: int | None = None

    def __post_init__(self) -> None:
        given = [period for period in (self.months, self.days) if period is not None]
        if len(given) != 1 or given[0] < 1:
            raise ValueError(self)


def limit(term: Term, today: date) -> date:
    """Where the period is over today: for every trigger date before this one."""
    month = today.replace(day=1)
    if term.days is not None:
        return month - timedelta(days=term.days)
    return add_months(month, -(term.months or 0))


def cut_off(term: Term, today: date, on: date | None = None) -> datetime | None:
    """What was sent before this moment is due today; None if nothing is.

    `on` is the date that a dated trigger asks for, None while it is unknown. What is sent after
    that date is kept from the day of sending. `retention_cut_off` of the database says the same.
    """
    end = limit(term, today)
    if term.trigger in _FIRST_MONTH:
        return _new_years_midnight(_year_begun(term.trigger, end))
    if term.trigger in DATED and (on is None or on >= end):
        return None
    return midnight(end)


def due_on(term: Term, sent: datetime, on: date | None = None) -> date | None:
    """The first day on which a message is due: that of a month. None while that is unknown."""
    start = _start(term, sent, on)
    if start is None:
        return None
    if term.days is not None:
        return add_months((start + timedelta(days=term.days)).replace(day=1), 1)
    return add_months(start, (term.months or 0) + 1)


def latest(days: Iterable[date | None]) -> date | None:
    """The longest of several rules wins; one that is not known makes it unknown."""
    found = list(days)
    known = [day for day in found if day is not None]
    return max(known) if known and len(known) == len(found) else None


def is_as_long(new: Term, former: Term) -> bool:
    """Whether `new` certainly keeps every message as long as `former` does.

    Where it depends on the message or on a date, it is not certain, and the answer is no.
    """
    if former.trigger in {new.trigger, Trigger.MESSAGE}:  # then it begins no earlier
        return _covers(new, former)
    if former.trigger in DATED:
        return False
    return _least(new) >= _most(former) + _YEAR_IN_DAYS


def _covers(new: Term, former: Term) -> bool:
    if new.months and former.months:
        return new.months >= former.months
    return _least(new) >= _most(former)


def _start(term: Term, sent: datetime, on: date | None) -> date | None:
    if term.trigger in _FIRST_MONTH:
        local = sent.astimezone(_SCHOOL).date()
        return _following_year(_year_begun(term.trigger, local)) - _DAY
    day = sent.astimezone(UTC).date()
    if term.trigger in DATED:
        return None if on is None else max(on, day)
    return day


def _year_begun(trigger: Trigger, day: date) -> date:
    """The first day of the year of that kind in which a day lies."""
    first = date(day.year, _FIRST_MONTH[trigger], 1)
    return first if first <= day else first.replace(year=day.year - 1)


def _following_year(first: date) -> date:
    return first.replace(year=first.year + 1)


def _new_years_midnight(first: date) -> datetime:
    return datetime.combine(first, time.min, _SCHOOL).astimezone(UTC)


def _least(term: Term) -> int:
    """The fewest days that a period can last."""
    if term.days is not None:
        return term.days
    years, months = divmod(term.months or 0, 12)
    return years * 365 + months * 28


def _most(term: Term) -> int:
    """The most days that a period can last, with the rounding of months that differ."""
    if term.days is not None:
        return term.days
    years, months = divmod(term.months or 0, 12)
    return years * 366 + months * 31
