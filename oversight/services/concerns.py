"""Passing a message to the safeguarding lead, and taking it there."""

from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.sealed import seal_record
from audit.services import record, record_bulk
from messaging.models import Message
from messaging.queries import message_for
from messaging.vault.bodies import commitment_of
from messaging.vault.versions import context_of, open_version
from oversight.errors import AlreadyPassedOn, NobodyAtTheDesk
from oversight.models import Concern
from oversight.queries.desk import concern_for, takers_of
from oversight.queries.hits import MessageInContext, place_in
from retention.matters import end_matter, hold_matter
from retention.models import Matter

RECORD_CLASS: Final = "concern"
AUTHORITY: Final = "concern"
MOST_NOTE_CHARS: Final = 2_000


def raise_concern(*, by: User, message_id: UUID, note: str = "") -> Concern:
    """Pass a message that one can read to the safeguarding lead and deputies.

    Nobody else learns of it. Raises MessageNotFound (messaging), AlreadyPassedOn, or
    NobodyAtTheDesk when everybody there wrote the message or is whom its channel is about.
    """
    message = message_for(by, message_id)
    if not takers_of(message.channel, message.author_id).exists():
        raise NobodyAtTheDesk
    try:
        with transaction.atomic():
            return _raise(by, message, note.strip())
    except IntegrityError:
        raise AlreadyPassedOn from None


def _raise(by: User, message: Message, note: str) -> Concern:
    sealed = seal_record(RECORD_CLASS, {"note": note})
    concern = Concern.objects.create(
        message=message.id,
        channel=message.channel,
        author_id=message.author_id,
        raised_by=by,
        raised_at=now(),
        record=sealed.id,
    )
    hold_matter(kind=Matter.Kind.CONCERN, uid=concern.uid, messages=[message.id])
    record(
        Action.CONCERN_RAISED,
        actor=by.id,
        subject=concern.uid,
        message=message.id,
        version=message.version,
        message_commitment=_commitment(message),
        **sealed.facts(),
    )
    return concern


def _commitment(message: Message) -> str:
    """What ties the concern to the very words that were passed on."""
    versions = message.versions.select_related("key", "message")
    body = open_version(versions.get(number=message.version))
    return commitment_of(context_of(message, message.version), body, message.reply_to)


@transaction.atomic
def open_concern(*, by: User, concern: Concern) -> MessageInContext:
    """Open the message of a concern in its conversation; raises HitNotFound when it is gone."""
    place = place_in(by, concern.message)
    record_bulk(
        Action.MESSAGE_OPENED,
        actor=by.id,
        subject=concern.message,
        items=place.items,
        channel=concern.channel_id,
        authority=AUTHORITY,
    )
    return place


@transaction.atomic
def acknowledge_concern(*, by: User, number: int) -> Concern:
    """Say that one has it. The first who does is the one; later ones change nothing."""
    concern = concern_for(by, number)
    taken = Concern.objects.filter(number=number, acknowledged_at=None).update(
        acknowledged_by=by, acknowledged_at=now()
    )
    if taken:
        record(Action.CONCERN_ACKNOWLEDGED, actor=by.id, subject=concern.uid)
    return concern_for(by, number)


@transaction.atomic
def close_concern(*, by: User, number: int) -> Concern:
    """Say that it is dealt with, by anybody at the desk, once somebody has it: from then on its
    message is disposed of when it is due, unless a hold is on it. Later ones change nothing."""
    concern = concern_for(by, number)
    closed = Concern.objects.filter(number=number, closed_at=None).exclude(acknowledged_at=None)
    if closed.update(closed_by=by, closed_at=now()):
        end_matter(uid=concern.uid)
        record(Action.CONCERN_CLOSED, actor=by.id, subject=concern.uid)
    return concern_for(by, number)
