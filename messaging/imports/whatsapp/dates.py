"""Which of the three numbers of a date is the day: decided once for a file, from evidence.

Never line by line: a file whose first half were read as day/month and whose second half as
month/day would be believed. Where the evidence leaves both open, a person is asked.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal

from messaging.imports.whatsapp.errors import (
    AmbiguousDates,
    DateOrderDoesNotFit,
    ImpossibleDates,
)
from messaging.imports.whatsapp.headers import Header

DateOrder = Literal["dmy", "mdy", "ymd"]
Fields = tuple[int, int, int]

_PLACES: dict[DateOrder, Fields] = {
    "dmy": (2, 1, 0),
    "mdy": (2, 0, 1),
    "ymd": (0, 1, 2),
}
_DAY = timedelta(days=1)
_BUDDHIST = 543  # years ahead of the common era; a Thai iPhone prints 2568 for 2025
_CENTURY = 100  # years; what is printed with two digits lies in this one
_FAR_AHEAD = 2400  # a year that only the Buddhist calendar has reached
_MEDIA_DATE = re.compile(
    r"(?:PHOTO|VIDEO|AUDIO|STICKER|GIF|IMG|VID|AUD|PTT|STK|DOC)-(\d{4})-?(\d{2})-?(\d{2})-"
)
# Stray lines of a pasted chat may hold impossible dates; more than this and the reading is wrong.
_STRAY = 0.01


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What a file says about the order of its dates."""

    headers: Sequence[Header]
    media: Sequence[tuple[Fields, date]]  # a printed date beside the date in a file's name
    foreign: bool  # WhatsApp's own words in the file are not English
    today: date


def media_date(text: str) -> date | None:
    """The date in the name of a picture or recording, such as `IMG-20260116-WA0001.jpg`."""
    match = _MEDIA_DATE.search(text)
    return _make(*(int(part) for part in match.groups())) if match else None


def read_date(fields: Fields, order: DateOrder) -> date | None:
    """Read three printed numbers in an order; None when that is no date."""
    year, month, day = (fields[place] for place in _PLACES[order])
    return _make(_full(year), month, day)


def read_moment(header: Header, order: DateOrder) -> datetime | None:
    """Date and time as printed, without a zone."""
    day = read_date(header.fields, order)
    return datetime.combine(day, time(*header.time)) if day else None


def decide(evidence: Evidence, asked: DateOrder | None) -> DateOrder:
    """Return the order for the whole file.

    Raises AmbiguousDates when the file leaves it open and nobody has said, DateOrderDoesNotFit
    when what somebody has said is impossible, ImpossibleDates when every order is.
    """
    possible = _possible(evidence.headers)
    if asked:
        if asked not in possible:
            raise DateOrderDoesNotFit
        return asked
    for rule in _RULES:
        if len(possible) == 1:
            break
        possible = rule(evidence, possible) or possible
    if len(possible) > 1:
        raise _ambiguous(evidence.headers)
    return possible[0]


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full(year: int) -> int:
    if year < _CENTURY:
        return 2000 + year
    return year - _BUDDHIST if year > _FAR_AHEAD else year


def _possible(headers: Sequence[Header]) -> list[DateOrder]:
    """The readings under which (nearly) every printed date exists."""
    orders: list[DateOrder] = ["ymd"] if headers[0].fields[0] >= _CENTURY else ["dmy", "mdy"]
    wrong = {order: sum(read_date(h.fields, order) is None for h in headers) for order in orders}
    fewest = min(wrong.values())
    if fewest > _STRAY * len(headers):
        raise ImpossibleDates
    return [order for order in orders if wrong[order] == fewest]


def _by_media(evidence: Evidence, orders: list[DateOrder]) -> list[DateOrder]:
    """A picture's name carries the year first, so its date can be read in one way only."""
    return [o for o in orders if any(read_date(f, o) == day for f, day in evidence.media)]


def _by_future(evidence: Evidence, orders: list[DateOrder]) -> list[DateOrder]:
    """Nothing was written after tomorrow, however far ahead of this clock the phone was."""
    latest = evidence.today + _DAY
    return [o for o in orders if max(_days(evidence.headers, o)) <= latest]


def _by_chronology(evidence: Evidence, orders: list[DateOrder]) -> list[DateOrder]:
    """The reading in which time runs backwards less often; a clock change is less than a day."""
    jumps = {order: _jumps(evidence.headers, order) for order in orders}
    fewest = min(jumps.values())
    return [order for order in orders if jumps[order] == fewest]


def _jumps(headers: Iterable[Header], order: DateOrder) -> int:
    days = list(_days(headers, order))
    return sum(later <= earlier - _DAY for earlier, later in pairwise(days))


def _by_shape(evidence: Evidence, orders: list[DateOrder]) -> list[DateOrder]:
    """Month first is written with slashes and by phones set to English."""
    slashed = "/" in str(evidence.headers[0].shape[1])
    return orders if slashed and not evidence.foreign else ["dmy"]


def _by_sameness(evidence: Evidence, orders: list[DateOrder]) -> list[DateOrder]:
    """Where every date reads the same both ways there is nothing to ask."""
    same = all(h.fields[0] == h.fields[1] for h in evidence.headers)
    return ["dmy"] if same else orders


# Strongest first. A rule that leaves nothing has found a contradiction, and is passed over.
_RULES: tuple[Callable[[Evidence, list[DateOrder]], list[DateOrder]], ...] = (
    _by_media,
    _by_future,
    _by_chronology,
    _by_shape,
    _by_sameness,
)


def _days(headers: Iterable[Header], order: DateOrder) -> Iterable[date]:
    return (day for h in headers if (day := read_date(h.fields, order)))


def _ambiguous(headers: Sequence[Header]) -> AmbiguousDates:
    def span(order: DateOrder) -> tuple[date, date]:
        days = list(_days(headers, order))
        return days[0], days[-1]

    return AmbiguousDates(dmy=span("dmy"), mdy=span("mdy"))
