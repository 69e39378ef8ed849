"""Placing a hold, looking at it again, and releasing it by a second person."""

from collections.abc import Sequence
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
    BadOwner,
    BadReviewDate,
    ConcernsYou,
    NeedsAnother,
    NotAllowed,
    NotOpen,
)
from retention.journaling import note_release
from retention.locks import stop_destroying
from retention.models import Hold
from retention.placing import Looked, Scope, put_in_force
from retention.queries.holds import hold_for, may_own, may_release
from retention.reasons import checked_reason
from retention.record_classes import HOLD
from retention.showing_again import show_again


@transaction.atomic
def place_hold(
    *,
    by: User,
    kind: str,
    reason: str,
    review_on: date,
    owner: User | None = None,
    channels: Sequence[Channel] = (),
    people: Sequence[User] = (),
    since: date | None = None,
    until: date | None = None,
    words: str = "",
) -> Hold:
    """Hold what these channels, these people and these days have in common; none leaves all.

    Days are UTC days, both included. Without an owner, who places it looks at it again. With words,
    which are a search as everybody types it (QueryError), all of that is held until the worker has
    written down in which of it they are found, and then that.

    When this has returned and its transaction has been committed, nothing that the hold covers
    is destroyed: the chunk of a disposal that was under way has ended, and the next one sees it.
    """
    if not may(by, "use_records"):
        raise NotAllowed
    if by in people:
        raise ConcernsYou
    placed = put_in_force(
        Scope(channels=channels, people=people, since=since, until=until, words=words.strip()),
        Looked(by=by, kind=kind, reason=checked_reason(reason), owner=owner, review_on=review_on),
    )
    record(
        Action.HOLD_PLACED,
        actor=by.pk,
        subject=placed.hold.uid,
        hold_kind=kind,
        review_on=review_on.isoformat(),
        **placed.sealed.facts(),
    )
    return placed.hold


@transaction.atomic
def review_hold(*, by: User, number: int, owner: User, review_on: date, reason: str) -> Hold:
    """Say why it goes on, who looks at it next, and when."""
    hold = hold_for(by, number)
    if hold.released_at:
        raise NotOpen
    if review_on <= now().date():
        raise BadReviewDate
    if not may_own(owner, hold):
        raise BadOwner
    sealed = seal_record(HOLD, {"reason": checked_reason(reason), "owner": str(owner.pk)})
    changed = Hold.objects.filter(number=number, released_at=None).update(
        owner=owner, review_on=review_on
    )
    if not changed:
        raise NotOpen
    record(
        Action.HOLD_REVIEWED,
        actor=by.pk,
        subject=hold.uid,
        review_on=review_on.isoformat(),
        **sealed.facts(),
    )
    return hold_for(by, number)


@transaction.atomic
def release_hold(*, by: User, number: int, reason: str) -> Hold:
    """Release a hold; the second person is an approver who did not place it.

    What it alone kept out of the conversation, and what by now no rule would dispose of, comes back
    into view with this. What is due goes with the next disposal.
    """
    hold = hold_for(by, number)
    if hold.released_at:
        raise NotOpen
    if hold.placed_by_id == by.pk:
        raise NeedsAnother
    if not may_release(by, hold):
        raise NotAllowed
    sealed = seal_record(HOLD, {"reason": checked_reason(reason)})
    stop_destroying()
    changed = Hold.objects.filter(number=number, released_at=None).update(
        released_by=by, released_at=now(), release_record=sealed.id
    )
    if not changed:
        raise NotOpen
    note_release(hold, by=by.pk)
    record(
        Action.HOLD_RELEASED,
        actor=by.pk,
        subject=hold.uid,
        shown=show_again(),
        **sealed.facts(),
    )
    return hold_for(by, number)
