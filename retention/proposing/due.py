"""What is due in a record class on a day: how much, and which messages in which order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import batched, groupby
from uuid import UUID

from django.db import connection

from audit.clock import now
from messaging.models import Channel
from retention.dates import midnight
from retention.due.terms import limit
from retention.models import Policy
from retention.plans import Planned
from retention.queries.rules import policy_of

#: Messages destroyed in one transaction, so that it lasts well under a second.
CHUNK = 500
#: A proposal takes no further month once it holds so many messages.
ENOUGH = 100_000

# Due and, if held, not out of view yet: `held` messages stay and only leave the conversation.
_DUE = """
FROM messaging_message m
JOIN messaging_channel c ON c.id = m.channel_id
JOIN retention_due(%(record_class)s, %(today)s) d ON d.channel = c.id
LEFT JOIN (SELECT DISTINCT x.message FROM retention_held x) x ON x.message = m.id
CROSS JOIN LATERAL (SELECT x.message IS NOT NULL AS held) h
WHERE c.record_class = %(record_class)s AND m.sent_at < %(before)s
  AND m.sent_at < d.cut_off
  AND NOT EXISTS (SELECT FROM retention_kept_longer(%(today)s) k WHERE k.message = m.id)
  AND NOT (m.out_of_view AND h.held)
"""
_MONTH = "date_trunc('month', m.sent_at AT TIME ZONE 'UTC')::date"


@dataclass(frozen=True, kw_only=True)
class Due:
    """What is due in a record class today: `held` is excluded from it by holds."""

    policy: Policy
    record_class: str
    today: date
    before: date
    due: int
    held: int


@dataclass(frozen=True, kw_only=True)
class Found:
    """A message that is due."""

    channel: UUID
    month: date
    message: UUID
    held: bool


def what_is_due(today: date | None = None) -> list[Due]:
    """What is due today in every class that is in use, whatever its rule says to do then."""
    today = today or now().date()
    classes = Channel.objects.order_by("record_class").values_list("record_class", flat=True)
    return [_due(record_class, today) for record_class in classes.distinct()]


def _due(record_class: str, today: date) -> Due:
    policy = policy_of(record_class)
    before = limit(policy.term, today)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE NOT h.held), count(*) FILTER (WHERE h.held)" + _DUE,
            {"record_class": record_class, "before": midnight(before), "today": today},
        )
        due, held = cursor.fetchone()
    return Due(
        policy=policy, record_class=record_class, today=today, before=before, due=due, held=held
    )


def plan_of(due: Due) -> Iterator[Planned]:
    """Whole months, oldest first, cut into chunks of one channel, until there is enough.

    A month is not left half done: what stayed of it would be indexed anew now, and once more with
    the disposal that takes the rest.
    """
    taken, last = 0, None
    for (channel, month), found in groupby(_found(due), key=lambda one: (one.channel, one.month)):
        if taken >= ENOUGH and month != last:
            return
        last = month
        for part in batched(found, CHUNK):
            taken += len(part)
            items = [(one.message, one.held) for one in part]
            yield Planned(channel=channel, month=month, items=items)


def _found(due: Due) -> Iterator[Found]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT m.channel_id, {_MONTH} AS month, m.id, h.held {_DUE}"
            " ORDER BY month, m.channel_id, m.sent_at, m.id",
            {
                "record_class": due.record_class,
                "before": midnight(due.before),
                "today": due.today,
            },
        )
        for channel, month, message, held in cursor:
            yield Found(channel=channel, month=month, message=message, held=held)
