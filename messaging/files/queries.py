"""What files a person may open: those of the messages that they may read, and their own uploads."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from accounts.personal_keys import OwnAltered
from audit.clock import iso, now
from messaging.exceptions import MessageNotFound, UploadNotFound
from messaging.files.attached import Attachment, attachments_in
from messaging.files.details import details_of
from messaging.files.models import Upload
from messaging.files.sealing import FileAltered
from messaging.models import Message
from messaging.queries import channel_for, conversation, message_for
from messaging.vault.versions import readable_bodies

_MESSAGES: Final = 50


def attachment_for(person: User, message_id: UUID, file_id: UUID) -> Attachment:
    """A file of the present wording of a message in one of the person's channels; MessageNotFound
    also where the message was deleted."""
    message = message_for(person, message_id)
    body = readable_bodies([message]).get(message.id)
    for attachment in attachments_in(body.details) if body else ():
        if attachment.id == file_id:
            return attachment
    raise MessageNotFound


def files_in(
    person: User, channel_id: UUID, before: UUID | None = None
) -> tuple[list[dict[str, Any]], bool]:
    """The files of a channel that the person is in, the newest first, as the protocol shows them
    and with the message, its author and its time; those of at most 50 messages, and whether there
    are more. `before` is a message: the files of older ones."""
    channel = channel_for(person, channel_id)
    bringing = conversation(channel).filter(deleted_at=None, attachments__isnull=False)
    if before:
        bringing = bringing.filter(id__lt=before)
    found = list(bringing.distinct().order_by("-id").select_related("author")[: _MESSAGES + 1])
    messages = found[:_MESSAGES]
    bodies = readable_bodies(messages)
    shown = [
        _shown(one, file)
        for one in messages
        if one.id in bodies
        for file in attachments_in(bodies[one.id].details)
    ]
    return shown, len(found) > _MESSAGES


def _shown(message: Message, file: Attachment) -> dict[str, Any]:
    author = message.author
    return {
        **file.shown(message.id),
        "message": str(message.id),
        "author": {"id": author and str(author.id), "name": author.display_name if author else ""},
        "sent_at": iso(message.sent_at),
    }


def upload_for(person: User, upload_id: UUID) -> Upload:
    """One of the person's own uploads, or UploadNotFound."""
    found = uploads_of(person).filter(id=upload_id).first()
    if found is None:
        raise UploadNotFound
    return found


def files_waiting(person: User, ids: Sequence[UUID]) -> dict[UUID, Attachment]:
    """What the person's uploads of these ids will be, in this order, as far as they are there."""
    mine = uploads_of(person).filter(id__in=ids) if ids else ()
    found = {upload.id: _found(upload) for upload in mine}
    return {one: file for one in ids if (file := found.get(one))}


def _found(upload: Upload) -> Attachment | None:
    """None also where it does not open."""
    with suppress(FileAltered, OwnAltered):
        return details_of(upload).found
    return None


def uploads_of(person: User) -> QuerySet[Upload]:
    """The person's own uploads, with the keys under which they stand."""
    mine = Upload.objects.filter(uploader=person, uploader__is_active=True, own_key__isnull=False)
    return mine.filter(expires_at__gt=now()).select_related("own_key")
