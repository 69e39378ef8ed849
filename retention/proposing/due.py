"""What is due in a record class on a day: how much, and which messages in which order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection

from audit.clock import now
from messaging.models import Channel
from retention.dates import midnight
from retention.due.terms import limit
from retention.models import Policy
from retention.queries.rules import policy_of

#: Messages destroyed in one transaction, so that it lasts well under a second.
CHUNK = 1_000
#: A proposal takes no further month once it holds so many messages.
ENOUGH = 400_000

_SQL = Path(__file__).resolve().parent.parent / "sql"
_DUE = (_SQL / "due_now.sql").read_text(encoding="utf-8")
_COUNT = (_SQL / "due_by_month.sql").read_text(encoding="utf-8").replace("{due}", _DUE)
_PROPOSED = (_SQL / "proposed.sql").read_text(encoding="utf-8").replace("{due}", _DUE)


@dataclass(frozen=True, kw_only=True)
class Due:
    """What is due in a record class today: `held` is excluded from it by holds. `until` is the day
    before which enough of it was sent for one proposal."""

    policy: Policy
    record_class: str
    today: date
    before: date
    until: date
    due: int
    held: int


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """What a proposal lists: `digest` is over its chunks. The days (UTC) are those between which
    what is due was sent; None where all is held."""

    number: int
    due: int
    held: int
    first_day: date | None
    last_day: date | None
    digest: str


def what_is_due(today: date | None = None) -> list[Due]:
    """What is due today in every class that is in use, whatever its rule says to do then."""
    today = today or now().date()
    classes = Channel.objects.order_by("record_class").values_list("record_class", flat=True)
    return [_due(record_class, today) for record_class in classes.distinct()]


def _due(record_class: str, today: date) -> Due:
    policy = policy_of(record_class)
    before = limit(policy.term, today)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _asked(record_class, today, before, before))
        months = cursor.fetchall()
    return Due(
        policy=policy,
        record_class=record_class,
        today=today,
        before=before,
        until=_until([(month, due + held) for month, due, held in months], before),
        due=sum(due for _, due, _ in months),
        held=sum(held for _, _, held in months),
    )


def _until(months: Iterable[tuple[date, int]], before: date) -> date:
    """Whole months, oldest first, until there is enough.

    A month is not left half done: what stayed of it would be indexed anew now, and once more with
    the disposal that takes the rest.
    """
    taken = 0
    for month, messages in months:
        if taken >= ENOUGH:
            return month
        taken += messages
    return before


def write_down(due: Due) -> Proposed:
    """List what is due, as chunks of a disposal whose row the caller makes in this transaction."""
    asked = _asked(due.record_class, due.today, due.before, due.until)
    with connection.cursor() as cursor:
        cursor.execute(_PROPOSED, asked | {"chunk": CHUNK})
        number, listed, held, first, last, digest = cursor.fetchone()
    return Proposed(
        number=number, due=listed, held=held, first_day=first, last_day=last, digest=digest
    )


def _asked(
    record_class: str, today: date, before: date, until: date
) -> dict[str, str | int | date]:
    return {
        "record_class": record_class,
        "today": today,
        "before": midnight(before),
        "until": midnight(until),
    }
