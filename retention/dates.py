"""When something falls due. Due dates round up to the end of the month, so that a channel's month,
which shares one content key, goes as a whole. Months are UTC months. Pure.
"""

from datetime import UTC, date, datetime, time

_MONTHS_A_YEAR = 12


def add_months(month: date, months: int) -> date:
    """The first day of the month that many months later or, negative, earlier."""
    index = month.year * _MONTHS_A_YEAR + month.month - 1 + months
    return date(index // _MONTHS_A_YEAR, index % _MONTHS_A_YEAR + 1, 1)


def cut_off(today: date, months: int) -> date:
    """The first day of a month: what was sent before it is due today."""
    return add_months(today, -months)


def midnight(day: date) -> datetime:
    """The beginning of a day in UTC."""
    return datetime.combine(day, time.min, UTC)
