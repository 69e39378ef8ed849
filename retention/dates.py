"""Months are UTC months, as those of content keys are. When what is due: `due.terms`. Pure."""

from datetime import UTC, date, datetime, time

_MONTHS_A_YEAR = 12


def add_months(month: date, months: int) -> date:
    """The first day of the month that many months later or, negative, earlier."""
    index = month.year * _MONTHS_A_YEAR + month.month - 1 + months
    return date(index // _MONTHS_A_YEAR, index % _MONTHS_A_YEAR + 1, 1)


def midnight(day: date) -> datetime:
    """The beginning of a day in UTC."""
    return datetime.combine(day, time.min, UTC)
