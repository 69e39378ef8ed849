"""Term dates of an English school: which days staff are at work.

The dates follow the usual pattern of a county's calendar, worked out for any year, so that the
demo looks right whenever it is started.
"""

from datetime import date, timedelta
from functools import cache

MONDAY, WEDNESDAY, FRIDAY, SATURDAY = 0, 2, 4, 5
SEPTEMBER = 9


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (year % 19 + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def school_days(first: date, last: date) -> list[date]:
    """The days from first to last, both included, on which staff are at school, in order."""
    days: list[date] = []
    for start in range(_start_of(first), _start_of(last) + 1):
        days += [day for day in _year(start) if first <= day <= last]
    return days


def is_school_day(day: date) -> bool:
    """Whether staff are at school on this day (training days included)."""
    return day in _year_set(_start_of(day))


def shift(day: date, days: int) -> date:
    """The school day that many school days after (or, negative, before) the given day.

    Zero gives the day itself, or the school day before it if it is none.
    """
    step = timedelta(days=1 if days > 0 else -1)
    while not is_school_day(day) and days <= 0:
        day += step
    for _ in range(abs(days)):
        day += step
        while not is_school_day(day):
            day += step
    return day


def _start_of(day: date) -> int:
    """The calendar year in which the day's school year began."""
    return day.year if day.month >= SEPTEMBER else day.year - 1


@cache
def _year_set(start: int) -> frozenset[date]:
    return frozenset(_year(start))


@cache
def _year(start: int) -> tuple[date, ...]:
    first = date(start, SEPTEMBER, 1)
    last = _weekday_before(date(start + 1, 7, 22), WEDNESDAY)
    closed = _closed(start)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in days if day.weekday() < SATURDAY and day not in closed)


def _closed(start: int) -> frozenset[date]:
    """Holidays and bank holidays inside the school year that began in the given year."""
    year = start + 1
    sunday = easter(year)
    spring = sunday - timedelta(days=13 if sunday >= date(year, 4, 12) else 6)
    christmas = _weekday_before(date(start, 12, 20), FRIDAY) + timedelta(days=3)
    back = _weekday_after(date(year, 1, 3), MONDAY)
    closed = {sunday - timedelta(days=2), sunday + timedelta(days=1)}
    closed.add(_weekday_after(date(year, 5, 1), MONDAY))
    closed |= _weekdays_from(_weekday_before(date(start, 10, 31), MONDAY), 1)
    closed |= _weekdays_from(christmas, (back - christmas).days // 7)
    closed |= _weekdays_from(_weekday_after(date(year, 2, 15), MONDAY), 1)
    closed |= _weekdays_from(spring, 2)
    closed |= _weekdays_from(_weekday_before(date(year, 5, 31), MONDAY), 1)
    return frozenset(closed)


def _weekdays_from(monday: date, weeks: int) -> set[date]:
    days = (monday + timedelta(days=n) for n in range(7 * weeks))
    return {day for day in days if day.weekday() < SATURDAY}


def _weekday_before(day: date, weekday: int) -> date:
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def _weekday_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)
