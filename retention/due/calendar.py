"""School days: Monday to Friday, less the bank holidays of the nation and the days on which the
school says it is closed. Pure.
"""

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache
from itertools import count, islice
from typing import Final

from holidays import country_holidays

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
#: As `accounts.labels.NATIONS` names them, with the library's code of their bank holidays.
_CODES: Final = {
    "england": "ENG",
    "wales": "WLS",
    "scotland": "SCT",
    "northern-ireland": "NIR",
}


def school_days_after(
    day: date, number: int, *, nation: str = "england", closed: Collection[date] = ()
) -> date:
    """The day on which that many school days have gone by since `day`, which does not count.

    `number` is at least 1. An unknown nation has England's bank holidays. What is to happen after
    10 school days may happen on the day after the one that this returns.
    """
    if number < 1:
        raise ValueError(number)
    days = (day + _DAY * ahead for ahead in count(1))
    school = (one for one in days if is_school_day(one, nation=nation, closed=closed))
    return next(islice(school, number - 1, None))


def is_school_day(day: date, *, nation: str = "england", closed: Collection[date] = ()) -> bool:
    """Whether the school is open on that day."""
    if day.weekday() >= _SATURDAY or day in closed:
        return False
    return day not in _bank_holidays(nation, day.year)


@cache
def _bank_holidays(nation: str, year: int) -> frozenset[date]:
    code = _CODES.get(nation, _CODES["england"])
    return frozenset(country_holidays("GB", subdiv=code, years=year))
