"""Placing a hold, and releasing it by a second person."""

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.clock import now
from audit.sealed import seal_record
from audit.services import record
from messaging.models import Channel
from retention.exceptions import (
    ConcernsYou,
    EmptyHold,
    NeedsAnother,
    NotAllowed,
    NotOpen,
)
from retention.locks import stop_destroying
from retention.models import Hold
from retention.queries.holds import hold_for, may_release
from retention.services.policies import checked_reason

RECORD_CLASS = "hold"


@transaction.atomic
def place_hold(
    *,
    by: User,
    kind: str,
    reason: str,
    review_on: date,
    channel: Channel | None = None,
    person: User | None = None,
) -> Hold:
    """Hold a channel, a person, or a person in a channel.

    When this has returned and its transaction has been committed, nothing that the hold covers
    is destroyed: the chunk of a disposal that was under way has ended, and the next one sees it.
    """
    if not may(by, "use_records"):
        raise NotAllowed
    if channel is None and person is None:
        raise EmptyHold
    if person is not None and person.pk == by.pk:
        raise ConcernsYou
    reason = checked_reason(reason)
    stop_destroying()
    sealed = seal_record(RECORD_CLASS, {"reason": reason})
    hold = Hold.objects.create(
        kind=kind,
        channel=channel,
        person=person,
        record=sealed.id,
        placed_by=by,
        review_on=review_on,
    )
    record(
        Action.HOLD_PLACED,
        actor=by.pk,
        subject=hold.uid,
        hold_kind=hold.kind,
        review_on=review_on.isoformat(),
        **sealed.facts(),
    )
    return hold


@transaction.atomic
def release_hold(*, by: User, number: int, reason: str) -> Hold:
    """Release a hold; the second person is an approver who did not place it."""
    hold = hold_for(by, number)
    if hold.released_at:
        raise NotOpen
    if hold.placed_by_id == by.pk:
        raise NeedsAnother
    if not may_release(by, hold):
        raise NotAllowed
    sealed = seal_record(RECORD_CLASS, {"reason": checked_reason(reason)})
    changed = Hold.objects.filter(number=number, released_at=None).update(
        released_by=by, released_at=now()
    )
    if not changed:
        raise NotOpen
    record(Action.HOLD_RELEASED, actor=by.pk, subject=hold.uid, **sealed.facts())
    return hold_for(by, number)
