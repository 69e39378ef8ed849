"""Proposing what is due, putting it forward, approving it by a second person, and ending it."""

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.queries import has_role, may
from accounts.roles import Role
from audit.actions import Action
from audit.clock import now
from audit.sealed import seal_record
from audit.services import record
from retention.exceptions import (
    NeedsAnother,
    NobodysYet,
    NotAllowed,
    NotCleared,
    NotOpen,
    StillObjecting,
    Undecided,
)
from retention.locks import stop_destroying
from retention.models import Disposal, Exclusion, Policy
from retention.proposing.due import Due, what_is_due, write_down
from retention.proposing.left_out import left_out
from retention.proposing.size import size_of
from retention.queries.disposals import (
    disposal_for,
    ended_this_month,
    may_put_forward,
    may_stop,
    may_withdraw,
    open_disposal,
)
from retention.queries.objections import lacking_clearances
from retention.queries.steps import approval_lapses, cooling_ends, objections_end
from retention.reasons import checked_reason
from retention.record_classes import DISPOSAL

_STOPPABLE = (Disposal.State.PROPOSED, Disposal.State.APPROVED)


def propose_disposals(*, by: User | None, today: date | None = None) -> list[Disposal]:
    """Propose, class by class, what is due and not held. `by` None is the machine.

    A class with a disposal that is not over gets no second one, unless that is of nothing but what
    is held, and from the machine none in the
    month in which people have ended one. Held messages are listed, too: they are not destroyed,
    but leave the conversation with their neighbours.
    """
    if by is not None and not may(by, "use_records"):
        raise NotAllowed
    proposed = []
    for due in what_is_due(today):
        is_empty = not (due.due or due.held)
        if due.policy.action != Policy.Action.DISPOSE or is_empty:
            continue
        if by is None and ended_this_month(due.record_class):
            continue
        with transaction.atomic():
            if open_disposal(due.record_class, of_held_alone=due.due == 0) is None:
                proposed.append(_propose(by, due))
    return proposed


def _propose(by: User | None, due: Due) -> Disposal:
    listed, at = write_down(due), now()
    disposal = Disposal.objects.create(
        number=listed.number,
        record_class=due.record_class,
        policy=due.policy,
        cut_off=due.before,
        due=listed.due,
        held=listed.held,
        digest=listed.digest,
        bytes=size_of(listed.number),
        first_day=listed.first_day,
        last_day=listed.last_day,
        proposed_by=by,
        proposed_at=at,
        object_before=objections_end(at),
    )
    Exclusion.objects.bulk_create(
        Exclusion(disposal=disposal, reason=reason, messages=messages)
        for reason, messages in left_out(due).items()
    )
    record(
        Action.DISPOSAL_PROPOSED,
        actor=by.pk if by else None,
        subject=disposal.uid,
        number=disposal.number,
        due=disposal.due,
        digest=disposal.digest,
        **seal_record(DISPOSAL, {"held": disposal.held}).facts(),
    )
    return disposal


@transaction.atomic
def put_disposal_forward(*, by: User, number: int) -> Disposal:
    """Make what the machine proposed one's own proposal; somebody else then approves it."""
    disposal = disposal_for(by, number)
    if not may_put_forward(by, disposal):
        raise NotOpen
    changed = Disposal.objects.filter(
        number=number, state=Disposal.State.PROPOSED, proposed_by=None
    ).update(proposed_by=by, put_forward_at=now())
    if not changed:
        raise NotOpen
    record(
        Action.DISPOSAL_PUT_FORWARD,
        actor=by.pk,
        subject=disposal.uid,
        number=number,
        digest=disposal.digest,
    )
    return disposal_for(by, number)


@transaction.atomic
def approve_disposal(*, by: User, number: int) -> Disposal:
    """Approve a proposal; the second person is an approver who did not propose it.

    Owners have had their time, what they objected to is decided, and who answers for a kind of
    record has cleared it. The cooling-off begins.
    """
    disposal_for(by, number)
    Disposal.objects.select_for_update().get(number=number)
    disposal = disposal_for(by, number)
    _check_approvable(by, disposal)
    at = now()
    changed = Disposal.objects.filter(number=number, state=Disposal.State.PROPOSED).update(
        state=Disposal.State.APPROVED,
        approved_by=by,
        approved_at=at,
        cool_until=cooling_ends(at),
        expires_at=approval_lapses(at),
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


def _check_approvable(by: User, disposal: Disposal) -> None:
    if disposal.proposed_by_id == by.pk:
        raise NeedsAnother
    if not may(by, "approve_records"):
        raise NotAllowed
    if disposal.state != Disposal.State.PROPOSED:
        raise NotOpen
    if disposal.proposed_by_id is None:
        raise NobodysYet
    if disposal.object_before > now():
        raise StillObjecting
    if disposal.objections.filter(decided_by=None).exists():
        raise Undecided
    if lacking_clearances(disposal):
        raise NotCleared


@transaction.atomic
def withdraw_disposal(*, by: User, number: int) -> Disposal:
    """Take back a disposal of which nothing has been carried out."""
    disposal = disposal_for(by, number)
    if disposal.state not in _STOPPABLE:
        raise NotOpen
    if not may_withdraw(by, disposal):
        raise NotAllowed
    _end(disposal, Disposal.State.WITHDRAWN, by)
    record(Action.DISPOSAL_WITHDRAWN, actor=by.pk, subject=disposal.uid, number=number)
    return disposal_for(by, number)


@transaction.atomic
def stop_disposal(*, by: User, number: int, reason: str) -> Disposal:
    """Stop a disposal as the data protection officer, who says why.

    One that is being carried out ends when the chunk under way has: whatever is left is spared, and
    the certificate is of what was destroyed before.
    """
    disposal = disposal_for(by, number)
    if not has_role(by, Role.DPO):
        raise NotAllowed
    if not may_stop(by, disposal):
        raise NotOpen
    reason = checked_reason(reason)
    if not _stop_executing(disposal, by):
        _end(disposal, Disposal.State.STOPPED, by)
    record(
        Action.DISPOSAL_STOPPED,
        actor=by.pk,
        subject=disposal.uid,
        number=number,
        **seal_record(DISPOSAL, {"reason": reason}).facts(),
    )
    return disposal_for(by, number)


def _stop_executing(disposal: Disposal, by: User) -> bool:
    """Chunks on two connections would hold the row without a gap: none begins behind us."""
    stop_destroying()
    begun = Disposal.objects.filter(
        number=disposal.number, state=Disposal.State.EXECUTING, withdrawn_at=None
    )
    return bool(begun.update(withdrawn_by=by, withdrawn_at=now()))


def _end(disposal: Disposal, state: str, by: User) -> None:
    changed = Disposal.objects.filter(number=disposal.number, state__in=_STOPPABLE).update(
        state=state, withdrawn_by=by, withdrawn_at=now()
    )
    if not changed:
        raise NotOpen


@transaction.atomic
def lapse_disposal(*, number: int) -> bool:
    """End an approval that was not used in time; whether there was one to end."""
    lapsed = Disposal.objects.filter(
        number=number, state=Disposal.State.APPROVED, expires_at__lte=now()
    )
    uid = lapsed.values_list("uid", flat=True).first()
    if uid is None or not lapsed.update(state=Disposal.State.EXPIRED):
        return False
    record(Action.DISPOSAL_LAPSED, actor=None, subject=uid, number=number)
    return True
