"""The days on which the school is closed, as people write them: a day or a period a line. Pure."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

_MOST_DAYS: Final = 366
_DAY: Final = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")


class UnreadableLine(ValueError):
    """A line that is neither a day nor a period; it is the error's argument."""


def closed_days(text: str) -> frozenset[date]:
    """The days named by `21/12/2026` or `21/12/2026 to 3/1/2027`, a line each.

    Raises UnreadableLine for anything else, and for a period that ends before it begins or lasts
    more than a year.
    """
    lines = (line.strip() for line in text.splitlines())
    return frozenset(day for line in lines if line for day in _period(line))


def _period(line: str) -> Iterator[date]:
    found = _DAY.findall(line)
    if len(found) not in {1, 2} or _DAY.sub("", line).strip(" -\u2013to.") != "":
        raise UnreadableLine(line)
    try:
        first, last = _day(found[0]), _day(found[-1])
    except ValueError:
        raise UnreadableLine(line) from None
    days = (last - first).days + 1
    if not 1 <= days <= _MOST_DAYS:
        raise UnreadableLine(line)
    return (first + timedelta(days=ahead) for ahead in range(days))


def _day(text: str) -> date:
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)
