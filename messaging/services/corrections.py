"""Appending a correction to a message, which stays as it is."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.clock import month_of, now
from audit.services import record
from messaging import bell
from messaging.corrections import (
    MOST_CHARS,
    MOST_CORRECTIONS,
    MOST_REFERENCE,
    Correction,
)
from messaging.exceptions import (
    CorrectionTooLong,
    EmptyCorrection,
    NotAllowed,
    NotYours,
    TooManyCorrections,
    WordsBlocked,
)
from messaging.models import Channel, Message
from messaging.nudges.judging import check_words, count_refused
from messaging.queries import correctable_for
from messaging.search.corrected import notes_of
from messaging.search.index import index_versions, text_of, unindex
from messaging.services.locks import lock_said
from messaging.services.positions import lock_channel, next_position
from messaging.vault.keys import cipher_of, current_key
from messaging.vault.notes import Note, Spot, commitment_of_note, seal_note
from messaging.vault.versions import open_version


def correct_own(*, author: User, message_id: UUID, body: str) -> Message:
    """Append a correction to one's own message, however old it is. Words that the school does not
    let be said are refused and, as in a new message, counted."""
    note = Note(text=_clean(body))
    try:
        return _corrected_own(author, message_id, note)
    except WordsBlocked:
        count_refused(note.text)
        raise


def _corrected_own(author: User, message_id: UUID, note: Note) -> Message:
    with transaction.atomic():
        channel, message = lock_said(author, message_id)
        if message.author_id != author.id:
            raise NotYours(
                gettext_noop(
                    "You can correct only your own messages. "
                    "Where something about you is wrong, ask the data protection officer."
                )
            )
        check_words(note.text)
        return _append(channel, message, note, by=author, reason=Correction.Reason.OWN)


def correct_record(
    *, by: User, message_id: UUID, body: str, reason: str, reference: str = ""
) -> Message:
    """Append a correction to anybody's message, deleted ones included, with the authority of
    whoever deals with people's rights; they need not be in the channel, and see nothing of it."""
    if not may(by, "correct_records"):
        raise NotAllowed(
            gettext_noop("Only the data protection officer can correct other people's messages.")
        )
    note = Note(text=_clean(body), reference=" ".join(reference.split())[:MOST_REFERENCE])
    with transaction.atomic():
        channel = lock_channel(correctable_for(by, message_id).channel_id)
        message = correctable_for(by, message_id)
        return _append(channel, message, note, by=by, reason=Correction.Reason(reason))


def _clean(body: str) -> str:
    """The words as they are kept, within the limit."""
    body = body.replace("\x00", "").replace("\r\n", "\n").strip()
    if not body:
        raise EmptyCorrection
    if len(body) > MOST_CHARS:
        raise CorrectionTooLong
    return body


def _append(
    channel: Channel, message: Message, note: Note, *, by: User, reason: Correction.Reason
) -> Message:
    """In the transaction of the caller, who holds the channel's row."""
    earlier = notes_of([message.id]).get(message.id, ())
    if len(earlier) >= MOST_CORRECTIONS:
        raise TooManyCorrections
    spot = Spot(
        message=message.id,
        channel=channel.id,
        number=len(earlier) + 1,
        written_by=by.id,
        written_at=now(),
        reason=reason.value,
    )
    key = current_key(channel.id, month_of(message.sent_at))
    Correction.objects.create(
        message=message,
        number=spot.number,
        key=key,
        sealed=seal_note(cipher_of(key), spot, note),
        reason=spot.reason,
        written_at=spot.written_at,
        written_by=by,
    )
    _index_anew(channel, message, earlier, note.text)
    message.changed = next_position(channel)
    message.save(update_fields=["changed"])
    record(
        Action.MESSAGE_CORRECTED,
        actor=by.id,
        subject=message.id,
        channel=channel.id,
        position=message.changed,
        number=spot.number,
        reason=spot.reason,
        message_commitment=commitment_of_note(spot, note),
    )
    bell.ring((channel.id, message.changed))
    return message


def _index_anew(channel: Channel, message: Message, earlier: tuple[str, ...], note: str) -> None:
    """What the message is found by, with the new words; of a deleted one by the desk alone."""
    version = message.versions.select_related("key", "message").get(number=message.version)
    body = open_version(version)
    gone = message.deleted_at is not None
    unindex([text_of(message, body, channel=channel, notes=earlier)], earlier=gone)
    index_versions(
        [text_of(message, body, channel=channel, notes=(*earlier, note))],
        earlier=gone,
    )
