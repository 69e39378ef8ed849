"""What comes due in the next months, by class: for those who work with records."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from django.db import connection

from accounts.models import User
from accounts.queries import may
from messaging.models import Channel
from retention.dates import add_months
from retention.due.terms import due_on, limit
from retention.models import Policy
from retention.queries.rules import policy_of

_SQL: Final = Path(__file__).resolve().parent.parent / "sql" / "calendar.sql"
#: How many months are looked ahead.
AHEAD: Final = 12
#: A year that ends, and a period of days, fall due up to so much later than their limit.
_SLACK: Final = timedelta(days=400)


@dataclass(frozen=True, kw_only=True)
class Coming:
    """What comes due on the first day of a month in a class, and what its rule says then."""

    due: date
    policy: Policy
    messages: int


def calendar_for(viewer: User, today: date) -> list[Coming]:
    """What comes due after today until a year from now, by month and class.

    Messages whose date is not known are not on it. A single message that is kept longer is counted
    with its channel.
    """
    if not may(viewer, "use_records"):
        return []
    classes = Channel.objects.order_by("record_class").values_list("record_class", flat=True)
    found = [one for name in classes.distinct() for one in _coming(name, today)]
    return sorted(found, key=lambda one: (one.due, one.policy.name))


def _coming(record_class: str, today: date) -> list[Coming]:
    policy = policy_of(record_class)
    if policy.action == Policy.Action.KEEP:
        return []
    last = add_months(today, AHEAD)
    counted: Counter[date] = Counter()
    for day, messages, sent in _rows(record_class, policy, today, last):
        due = due_on(policy.term, sent, day)
        if due and today < due <= last:
            counted[due] += messages
    return [Coming(due=due, policy=policy, messages=many) for due, many in counted.items()]


def _rows(record_class: str, policy: Policy, today: date, last: date) -> list[Any]:
    facts: dict[str, Any] = {
        "record_class": record_class,
        "since": limit(policy.term, today) - _SLACK,
        "before": limit(policy.term, last),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL.read_text(encoding="utf-8"), facts)
        return list(cursor.fetchall())
