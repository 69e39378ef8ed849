"""Posting, editing and deleting: each is one transaction with its entry in the log."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.services import record
from messaging import bell
from messaging.exceptions import (
    AlreadyDeleted,
    Archived,
    EmptyBody,
    MessagingError,
    NotYours,
    NotYourWords,
    TooLateToEdit,
    WordsBlocked,
)
from messaging.files.attached import attachments_in, kept_in
from messaging.ingest.drafts import Draft, clean_body, clean_uploads
from messaging.ingest.mentions import mentions_of, note_mentions
from messaging.ingest.store import store
from messaging.mentions import Mentions
from messaging.models import Channel, Mention, Message
from messaging.nudges.judging import check_words, count_refused
from messaging.queries import may_manage
from messaging.search.corrected import notes_of
from messaging.search.index import index_edit, move_to_versions, text_of
from messaging.services.locks import lock_message
from messaging.services.positions import next_position
from messaging.vault.bodies import Body
from messaging.vault.versions import current_bodies, seal_version


def post_message(
    *,
    author: User,
    channel_id: UUID,
    ref: UUID,
    body: str,
    reply_to: UUID | None = None,
    forward: UUID | None = None,
    uploads: Sequence[UUID] = (),
) -> Message:
    """Post `body`, with the files that its author has uploaded; the same `ref` again gives the
    message it gave the first time.

    With `forward` it says what that message says and brings its files, whatever else there is.

    Raises a MessagingError whose code the protocol names. Membership is checked inside the
    commit, after the channel's row is locked.
    """
    draft = Draft(
        author=author.id,
        channel=channel_id,
        ref=ref,
        body="" if forward else clean_body(body, may_be_empty=bool(uploads)),
        reply_to=reply_to,
        forward=forward,
        uploads=() if forward else clean_uploads(uploads),
    )
    (outcome,) = store([draft])
    if isinstance(outcome, MessagingError):
        raise outcome
    return Message.objects.get(id=outcome.id)


def edit_message(*, author: User, message_id: UUID, body: str) -> Message:
    """Replace the words of one's own message, which keeps its files; the earlier version stays in
    the record. Words that the school does not let be said are refused and, as in a new message,
    counted."""
    body = clean_body(body, may_be_empty=True)
    try:
        return _edited(author, message_id, body)
    except WordsBlocked:
        count_refused(body)
        raise


def _edited(author: User, message_id: UUID, body: str) -> Message:
    with transaction.atomic():
        channel, message = lock_message(author, message_id)
        _check_may_edit(author, channel, message)
        check_words(body)
        present = _present(message)
        if "forwarded" in present.details:
            raise NotYourWords
        if not body and not attachments_in(present.details):
            raise EmptyBody
        notes = notes_of([message.id]).get(message.id, ())
        old = text_of(message, present, channel=channel, notes=notes)
        message.version += 1
        message.edited_at = now()
        message.changed = next_position(channel)
        message.save(update_fields=["version", "edited_at", "changed"])
        mentions = _mention_anew(message, body)
        words = Body(text=body, details=mentions.details() | kept_in(present.details))
        _, commitment = seal_version(message, words, written_by=author.id)
        index_edit(old=old, new=text_of(message, words, channel=channel, notes=notes))
        record(
            Action.MESSAGE_EDITED,
            actor=author.id,
            subject=message.id,
            channel=channel.id,
            position=message.changed,
            version=message.version,
            message_commitment=commitment,
        )
        bell.ring((channel.id, message.changed))
    return message


def delete_message(*, by: User, message_id: UUID) -> Message:
    """Take a message out of the conversation; the record keeps it until it is disposed of."""
    with transaction.atomic():
        channel, message = lock_message(by, message_id)
        if message.deleted_at:
            return message
        _check_may_delete(by, channel, message)
        notes = notes_of([message.id]).get(message.id, ())
        move_to_versions([text_of(message, _present(message), channel=channel, notes=notes)])
        message.deleted_at = now()
        message.changed = next_position(channel)
        message.save(update_fields=["deleted_at", "changed"])
        record(
            Action.MESSAGE_DELETED,
            actor=by.id,
            subject=message.id,
            channel=channel.id,
            position=message.changed,
        )
        bell.ring((channel.id, message.changed))
    return message


def _check_may_delete(by: User, channel: Channel, message: Message) -> None:
    if message.kind == Message.Kind.SYSTEM:
        raise NotYours(
            gettext_noop("SchoolChat wrote this line itself: it stays, and nobody can delete it.")
        )
    if message.author_id != by.id and not may_manage(by, channel):
        raise NotYours(
            gettext_noop("Only the person who wrote a message, or an owner, can delete it.")
        )


def _present(message: Message) -> Body:
    return current_bodies([message])[message.id]


def _mention_anew(message: Message, body: str) -> Mentions:
    """Whom the new words of a message mention, in the place of those before."""
    author, ref = message.author_id, message.ref
    if author is None or ref is None:  # what people write here has both
        raise NotYours
    said = Draft(author=author, channel=message.channel_id, ref=ref, body=body)
    (mentions,) = mentions_of([said])
    Mention.objects.filter(message=message).delete()
    note_mentions([(message, mentions)])
    return mentions


def _check_may_edit(author: User, channel: Channel, message: Message) -> None:
    if channel.archived_at:
        raise Archived
    if message.author_id != author.id or message.kind != Message.Kind.TEXT:
        raise NotYours
    if message.deleted_at:
        raise AlreadyDeleted
    if now() - message.sent_at > timedelta(minutes=settings.EDIT_WINDOW_MINUTES):
        raise TooLateToEdit
