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
from retention.models import Disposal, Exclusion, Objection
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
    changed = Objection.objects.filter(pk=objection_id, decided_by=None).update(
        decided_by=by, decided_at=now(), upheld=upheld, answer=sealed.id
    )
    if not changed:
        raise NotOpen
    if upheld:
        _take_out(objection.disposal, objection.channel, by)
    disposal = Disposal.objects.get(number=number)
    record(
        Action.DISPOSAL_OBJECTION_DECIDED,
        actor=by.pk,
        subject=disposal.uid,
        number=number,
        channel=objection.channel_id,
        upheld=upheld,
        digest=disposal.digest,
        **sealed.facts(),
    )
    return objection_for(by, number, objection_id)


def _take_out(disposal: Disposal, channel: Channel, by: User) -> None:
    """The rest is what is approved; a proposal of which nothing is left is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT retention_take_out(%s, %s)", [disposal.number, channel.pk])
        taken = cursor.fetchone()[0]
    if taken:
        reason = Exclusion.Reason.OBJECTION
        Exclusion.objects.create(disposal=disposal, reason=reason, messages=taken)
    if not disposal.chunks.exists():
        Disposal.objects.filter(number=disposal.number, state=Disposal.State.PROPOSED).update(
            state=Disposal.State.WITHDRAWN, withdrawn_by=by, withdrawn_at=now()
        )
