"""Placing a hold, looking at it again, and releasing it by a second person."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.clock import now
from audit.sealed import seal_record
from audit.services import record
from messaging.models import Channel
from messaging.search.query import parse
from retention.exceptions import (
    BadOwner,
    BadPeriod,
    BadReviewDate,
    ConcernsYou,
    EmptyHold,
    NeedsAnother,
    NotAllowed,
    NotOpen,
)
from retention.journaling import note_hold, note_release
from retention.locks import stop_destroying
from retention.models import Hold, HoldChannel, HoldPerson
from retention.queries.holds import hold_for, may_own, may_release
from retention.reasons import checked_reason
from retention.showing_again import show_again
from retention.tasks import match_holds

RECORD_CLASS = "hold"


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
    words = words.strip()
    if words:
        parse(words)
    if not (channels or people or since or until or words):
        raise EmptyHold
    if since and until and until < since:
        raise BadPeriod
    if by in people:
        raise ConcernsYou
    reason = checked_reason(reason)
    stop_destroying()
    scope = _scope(channels, people, since, until) | ({"words": words} if words else {})
    sealed = seal_record(RECORD_CLASS, scope | {"reason": reason})
    hold = Hold.objects.create(
        kind=kind,
        by_channel=bool(channels),
        by_person=bool(people),
        by_words=bool(words),
        since=since,
        until=until,
        record=sealed.id,
        placed_by=by,
        owner=owner or by,
        review_on=review_on,
    )
    HoldChannel.objects.bulk_create([HoldChannel(hold=hold, channel=one) for one in channels])
    HoldPerson.objects.bulk_create([HoldPerson(hold=hold, person=one) for one in people])
    if not may_own(hold.owner, hold):
        raise BadOwner if owner else ConcernsYou
    note_hold(
        hold,
        channels=[one.pk for one in channels],
        people=[one.pk for one in people],
        by_query=bool(words),
    )
    if words:
        match_holds.defer()
    record(
        Action.HOLD_PLACED,
        actor=by.pk,
        subject=hold.uid,
        hold_kind=hold.kind,
        review_on=review_on.isoformat(),
        **sealed.facts(),
    )
    return hold


def _scope(
    channels: Iterable[Channel], people: Iterable[User], since: date | None, until: date | None
) -> dict[str, Any]:
    """What it is on, as ids and days, to be sealed: the log does not say whom a hold is on."""
    return {
        "channels": sorted(str(channel.pk) for channel in channels),
        "people": sorted(str(person.pk) for person in people),
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
    }


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
    sealed = seal_record(RECORD_CLASS, {"reason": checked_reason(reason), "owner": str(owner.pk)})
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
    sealed = seal_record(RECORD_CLASS, {"reason": checked_reason(reason)})
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
