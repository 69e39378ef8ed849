"""Months as people name them."""

from collections.abc import Iterable
from datetime import date, timedelta

from django import template

register = template.Library()


@register.filter
def stretches(months: Iterable[date]) -> list[tuple[date, date]]:
    """First days of months, the newest first, as stretches without a gap: (first, last) of each,
    the newest stretch first."""
    found: list[tuple[date, date]] = []
    for month in months:
        if found and _before(found[-1][0]) == month:
            found[-1] = (month, found[-1][1])
        else:
            found.append((month, month))
    return found


@register.filter
def without(months: Iterable[date], others: Iterable[date]) -> list[date]:
    """The months, in their order, without some of them."""
    left_out = set(others)
    return [month for month in months if month not in left_out]


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
