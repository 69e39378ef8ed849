"""An owner objects to their channel's part of a proposal; somebody else decides about it."""

from uuid import UUID

from django.db import IntegrityError, connection, transaction

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.sealed import seal_record
from audit.services import record
from messaging.models import Channel
from retention.exceptions import NeedsAnother, NoOwnPart, NotFound, NotOpen, NotUpward
from retention.locks import stop_destroying
from retention.models import Disposal, DisposalChunk, Exclusion, Objection
from retention.queries.emptied import DIGEST_OF_NOTHING
from retention.queries.objections import (
    kept_longer,
    may_decide_objection,
    may_object,
    objection_for,
    owned_by,
    proposals_of,
)
from retention.reasons import checked_reason
from retention.record_classes import DISPOSAL


@transaction.atomic
def object_to_disposal(
    *, by: User, channel_id: UUID, number: int, reason: str, wanted_class: str = ""
) -> Objection:
    """Object to a channel's part, with the reason sealed; it cannot be approved until decided.

    `wanted_class` asks for the channel to be another kind of record, which is kept longer; for any
    other NotUpward is raised.
    """
    channel, disposal = _own_part(by, channel_id, number)
    if wanted_class and wanted_class not in {one.record_class for one in kept_longer(channel)}:
        raise NotUpward
    sealed = seal_record(DISPOSAL, {"reason": checked_reason(reason)})
    try:
        with transaction.atomic():
            objection = Objection.objects.create(
                disposal=disposal,
                channel=channel,
                by=by,
                record=sealed.id,
                wanted_class=wanted_class,
            )
    except IntegrityError:
        raise NotOpen from None
    record(
        Action.DISPOSAL_OBJECTED,
        actor=by.pk,
        subject=disposal.uid,
        number=number,
        channel=channel.pk,
        record_class=wanted_class or None,
        **sealed.facts(),
    )
    return objection


def _own_part(by: User, channel_id: UUID, number: int) -> tuple[Channel, Disposal]:
    """A channel of theirs and the proposal that it is in, locked: whoever approves holds the row,
    too, so that no objection comes between their look and their word."""
    channel = owned_by(by).filter(pk=channel_id).first()
    if channel is None:
        raise NotFound
    if not proposals_of(channel).filter(number=number).exists():
        raise NoOwnPart
    disposal = Disposal.objects.select_for_update().get(number=number)
    if not may_object(by, channel, disposal):
        raise NotOpen
    return channel, disposal


@transaction.atomic
def decide_objection(
    *, by: User, number: int, objection_id: int, upheld: bool, reason: str
) -> Objection:
    """Uphold an objection, which takes the channel's part out, or say why not."""
    objection = objection_for(by, number, objection_id)
    if objection.by_id == by.pk:
        raise NeedsAnother
    if not may_decide_objection(by, objection):
        raise NotOpen
    sealed = seal_record(DISPOSAL, {"reason": checked_reason(reason)})
    if upheld:  # before a row is taken, as whoever stops or withdraws the disposal does
        stop_destroying()
    changed = Objection.objects.filter(pk=objection_id, decided_by=None).update(
        decided_by=by, decided_at=now(), upheld=upheld, answer=sealed.id
    )
    if not changed:
        raise NotOpen
    if upheld:
        _take_out(objection.disposal, objection.channel)
    disposal = Disposal.objects.get(number=number)
    record(
        Action.DISPOSAL_OBJECTION_DECIDED,
        actor=by.pk,
        subject=disposal.uid,
        number=number,
        channel=objection.channel_id,
        upheld=upheld,
        # That of what is held alone would tell of it: the approval names that one.
        digest=disposal.digest if disposal.due else DIGEST_OF_NOTHING,
        **sealed.facts(),
    )
    if upheld:
        _end_what_is_empty(number, by)
    return objection_for(by, number, objection_id)


def _take_out(disposal: Disposal, channel: Channel) -> None:
    """The rest is what is approved."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT retention_take_out(%s, %s)", [disposal.number, channel.pk])
        taken = cursor.fetchone()[0]
    if taken:
        reason = Exclusion.Reason.OBJECTION
        Exclusion.objects.create(disposal=disposal, reason=reason, messages=taken)


def _end_what_is_empty(number: int, by: User) -> None:
    """A proposal of which nothing is left is over; of which nothing is due, for whoever a hold is
    on, who sees no entry of it that is later than this."""
    disposal, at = Disposal.objects.filter(number=number), now()
    was_due = Exclusion.objects.filter(disposal=number, reason=Exclusion.Reason.OBJECTION)
    if was_due.exists():
        disposal.filter(due=0, emptied_at=None).update(emptied_by=by, emptied_at=at)
    if not DisposalChunk.objects.filter(disposal=number).exists():
        disposal.filter(state=Disposal.State.PROPOSED).update(
            state=Disposal.State.WITHDRAWN, withdrawn_by=by, withdrawn_at=at
        )
