"""What files a person may open: those of the messages that they may read, and their own uploads."""

from uuid import UUID

from accounts.models import User
from audit.clock import now
from messaging.exceptions import MessageNotFound, UploadNotFound
from messaging.files.attached import Attachment, attachments_in
from messaging.files.models import Upload
from messaging.queries import message_for
from messaging.vault.versions import readable_bodies


def attachment_for(person: User, message_id: UUID, file_id: UUID) -> Attachment:
    """A file of the present wording of a message in one of the person's channels; MessageNotFound
    also where the message was deleted."""
    message = message_for(person, message_id)
    body = readable_bodies([message]).get(message.id)
    for attachment in attachments_in(body.details) if body else ():
        if attachment.id == file_id:
            return attachment
    raise MessageNotFound


def upload_for(person: User, upload_id: UUID) -> Upload:
    """One of the person's own uploads, or UploadNotFound."""
    mine = Upload.objects.filter(uploader=person, uploader__is_active=True, own_key__isnull=False)
    found = mine.filter(id=upload_id, expires_at__gt=now()).select_related("own_key").first()
    if found is None:
        raise UploadNotFound
    return found
