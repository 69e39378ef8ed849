"""Proposing what is due, approving it by a second person, and withdrawing it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import batched, groupby
from uuid import UUID

from django.db import connection, transaction

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.clock import now
from audit.sealed import seal_record
from audit.services import record
from messaging.models import Channel
from retention.dates import midnight
from retention.due.terms import limit
from retention.exceptions import NeedsAnother, NotAllowed, NotOpen
from retention.models import Disposal, DisposalChunk, DisposalItem, Policy
from retention.plans import Planned, digest_of_chunks
from retention.queries.disposals import disposal_for, may_withdraw, open_disposal
from retention.queries.rules import policy_of
from retention.workers.certifying import RECORD_CLASS

#: Messages destroyed in one transaction, so that it lasts well under a second.
CHUNK = 500
#: A proposal takes no further months of channels once it holds so many messages.
ENOUGH = 100_000

# Due and, if held, not out of view yet: `held` messages stay and only leave the conversation.
_DUE = """
FROM messaging_message m
JOIN messaging_channel c ON c.id = m.channel_id
JOIN retention_due(%(record_class)s, %(today)s) d ON d.channel = c.id
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM retention_held x WHERE x.message = m.id) AS held) h
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


def propose_disposals(*, by: User | None, today: date | None = None) -> list[Disposal]:
    """Propose, class by class, what is due and not held. `by` None is the machine.

    A class with a disposal that is not over gets no second one. Held messages are listed, too:
    they are not destroyed, but leave the conversation with their neighbours.
    """
    if by is not None and not may(by, "use_records"):
        raise NotAllowed
    proposed = []
    for due in what_is_due(today):
        is_empty = not (due.due or due.held)
        if due.policy.action != Policy.Action.DISPOSE or is_empty:
            continue
        with transaction.atomic():
            if open_disposal(due.record_class) is None:
                proposed.append(_propose(by, due))
    return proposed


def _propose(by: User | None, due: Due) -> Disposal:
    planned = list(_plan(due))
    held = sum(is_held for plan in planned for _, is_held in plan.items)
    disposal = Disposal.objects.create(
        record_class=due.record_class,
        policy=due.policy,
        cut_off=due.before,
        due=sum(len(plan.items) for plan in planned) - held,
        held=held,
        digest=digest_of_chunks(enumerate(planned, 1)),
        proposed_by=by,
    )
    for number, plan in enumerate(planned, 1):
        _write_chunk(disposal, number, plan)
    record(
        Action.DISPOSAL_PROPOSED,
        actor=by.pk if by else None,
        subject=disposal.uid,
        number=disposal.number,
        due=disposal.due,
        digest=disposal.digest,
        **seal_record(RECORD_CLASS, {"held": disposal.held}).facts(),
    )
    return disposal


def _write_chunk(disposal: Disposal, number: int, plan: Planned) -> None:
    chunk = DisposalChunk.objects.create(
        disposal=disposal,
        number=number,
        channel_id=plan.channel,
        month=plan.month,
        digest=plan.digest(),
    )
    DisposalItem.objects.bulk_create(
        [DisposalItem(chunk=chunk, message=message, held=held) for message, held in plan.items]
    )


def _plan(due: Due) -> Iterator[Planned]:
    """Whole months of channels, oldest first, cut into chunks, until there is enough."""
    taken = 0
    for (channel, month), found in groupby(_found(due), key=lambda one: (one.channel, one.month)):
        if taken >= ENOUGH:
            return
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


@transaction.atomic
def approve_disposal(*, by: User, number: int) -> Disposal:
    """Approve a proposal; the second person is an approver who did not propose it."""
    disposal = disposal_for(by, number)
    if disposal.proposed_by_id == by.pk:
        raise NeedsAnother
    if not may(by, "approve_records"):
        raise NotAllowed
    changed = Disposal.objects.filter(number=number, state=Disposal.State.PROPOSED).update(
        state=Disposal.State.APPROVED, approved_by=by, approved_at=now()
    )
    if not changed:
        raise NotOpen
    record(
        Action.DISPOSAL_APPROVED,
        actor=by.pk,
        subject=disposal.uid,
        number=number,
        digest=disposal.digest,
    )
    return disposal_for(by, number)


@transaction.atomic
def withdraw_disposal(*, by: User, number: int) -> Disposal:
    """Stop a disposal of which nothing has been carried out."""
    disposal = disposal_for(by, number)
    stoppable = (Disposal.State.PROPOSED, Disposal.State.APPROVED)
    if disposal.state not in stoppable:
        raise NotOpen
    if not may_withdraw(by, disposal):
        raise NotAllowed
    changed = Disposal.objects.filter(number=number, state__in=stoppable).update(
        state=Disposal.State.WITHDRAWN, withdrawn_by=by, withdrawn_at=now()
    )
    if not changed:
        raise NotOpen
    record(Action.DISPOSAL_WITHDRAWN, actor=by.pk, subject=disposal.uid, number=number)
    return disposal_for(by, number)
