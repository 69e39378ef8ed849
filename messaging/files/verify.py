"""Holding the bytes of files against what messages say of them, whose commitments hold that."""

import hashlib
from collections.abc import Iterable, Iterator
from uuid import UUID

from audit.verification.findings import Deed, Finding
from messaging.files import storing
from messaging.files.attached import Attachment, attachments_in
from messaging.files.places import PlaceAway, place
from messaging.files.sealing import FileAltered
from messaging.models import MessageVersion
from messaging.vault.bodies import Body


class Files:
    """The files met in one verification: each is read once, with its thumbnail, however many
    messages bring it."""

    def __init__(self) -> None:
        self._read: set[UUID] = set()
        self._away = False

    def wrong(self, message: UUID, body: Body) -> Iterator[Finding]:
        """A sentence for each file of a wording that is not what was sent, or is gone."""
        for file in attachments_in(body.details):
            if file.id not in self._read and not self._away:
                self._read.add(file.id)
                yield from self._wrong(message, file)

    def _wrong(self, message: UUID, file: Attachment) -> Iterator[Finding]:
        what, name = f"File {file.id}", str(file.id)
        try:
            if _digest(file) == file.sha256:
                what, name = f"The thumbnail of file {file.id}", storing.thumbnail_name(file.id)
                _read_through(storing.thumbnail_of(file))
                return
        except FileAltered:
            if not MessageVersion.objects.filter(message=message).exists():
                return  # disposed of meanwhile
        except PlaceAway:
            self._away = True
            sentence = "The files of messages cannot be verified: their storage does not answer."
            yield Finding(deed=Deed.REMOVED, sentence=sentence)
            return
        there = place().exists(name)
        yield Finding(
            deed=Deed.CHANGED if there else Deed.REMOVED,
            sentence=(
                f"{what} of message {message} was {'altered' if there else 'removed'}: "
                "its bytes are not those that were sent."
            ),
        )


def _read_through(chunks: Iterable[bytes]) -> None:
    """No message says what a thumbnail was: that it opens under the file's key, whole, is all."""
    for _chunk in chunks:
        pass


def _digest(file: Attachment) -> str:
    digest = hashlib.sha256()
    for chunk in storing.bytes_of(file):
        digest.update(chunk)
    return digest.hexdigest()
