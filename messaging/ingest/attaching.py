"""The files that new messages bring: uploads of their author's, or those of what they pass on."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from accounts.personal_keys import OwnAltered
from audit.statements import array, ask, statement_of
from messaging.exceptions import AttachmentNotFound, FileNotReady, MessagingError
from messaging.files.attached import Attachment, attachments_in, details_of
from messaging.files.details import details_of as known_of
from messaging.files.models import Upload
from messaging.files.sealing import FileAltered
from messaging.ingest.drafts import Draft, Name
from messaging.ingest.forwarding import Forwarded
from messaging.vault.bodies import Body

_INSERT: Final = statement_of(Path(__file__).parent / "sql" / "attachments.sql")


class Bringing(Protocol):
    """A message that brings files, or none."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def draft(self) -> Draft:
        """What it was."""

    @property
    def body(self) -> Body:
        """Its words and what is said of its files."""


def brought_by(drafts: Sequence[Draft]) -> dict[Draft, Forwarded]:
    """What each draft that brings files of its own brings, or why it may not; one question, and
    none where there is no such draft.

    The uploads are locked: whatever becomes of these drafts, nobody else sends or drops one
    meanwhile. One that is locked already is being received, checked or dropped. The same posting
    that stands twice in a batch brings the same twice.
    """
    asking = [draft for draft in drafts if draft.uploads and not draft.forward]
    if not asking:
        return {}
    uploads = _lock({upload for draft in asking for upload in draft.uploads})
    found: dict[tuple[Name, tuple[UUID, ...]], Forwarded] = {}
    for draft in asking:
        if (draft.name, draft.uploads) not in found:
            found[draft.name, draft.uploads] = _brought(draft, uploads)
    return {draft: found[draft.name, draft.uploads] for draft in asking}


def _lock(ids: Iterable[UUID]) -> dict[UUID, Upload]:
    taken = Upload.objects.select_for_update(skip_locked=True, of=("self",))
    mine = taken.filter(id__in=ids, own_key__isnull=False)
    found = mine.select_related("own_key").order_by("id")
    return {upload.id: upload for upload in found}


def _brought(draft: Draft, uploads: dict[UUID, Upload]) -> Forwarded:
    """Each upload is taken out of `uploads`: it is sent once."""
    found = [uploads.get(upload) for upload in draft.uploads]
    mine = [one for one in found if one and one.uploader_id == draft.author]
    if len(mine) < len(found):
        return AttachmentNotFound()
    try:
        files = [_file(one) for one in mine]
    except MessagingError as refused:
        return refused
    except (FileAltered, OwnAltered):
        return AttachmentNotFound()
    for one in mine:
        del uploads[one.id]
    return Body(text="", details=details_of(files))


def _file(upload: Upload) -> Attachment:
    if upload.state == Upload.State.REFUSED:
        raise AttachmentNotFound
    if not upload.is_ready:
        raise FileNotReady
    found = known_of(upload).found
    if found is None:
        raise AttachmentNotFound
    return found


def note_files(messages: Sequence[Bringing]) -> None:
    """Write down which message refers to which file; an upload that is sent is none any more.

    Needs no answer, so that it can go out together with other statements.
    """
    rows = [
        (message.id, file, not message.draft.forward)
        for message in messages
        for file in attachments_in(message.body.details)
    ]
    if not rows:
        return
    values = {
        "messages": array(message for message, _, _ in rows),
        "files": array(file.id for _, file, _ in rows),
        "sizes": array(file.size for _, file, _ in rows),
        "sent": array(int(sent) for _, _, sent in rows),
    }
    ask(_INSERT, values)
