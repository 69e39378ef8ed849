"""The files of an export's messages, read from where they stand as the bundle is written."""

from collections.abc import Iterator
from functools import partial

from messaging.files import storing
from messaging.files.attached import Attachment, attachments_in
from messaging.files.kinds import OF_TYPE
from messaging.files.places import PlaceAway
from messaging.files.sealing import FileAltered
from messaging.vault.bodies import Body
from retention.exports.attached import Attached, Unreadable
from retention.exports.errors import ExportError


class FilesAway(ExportError):
    """The storage of files cannot be reached, so nothing was written. Please try again later."""


def attached_in(*wordings: Body) -> tuple[Attached, ...]:
    """The files of a message, those that only an earlier wording brought included."""
    found = {one.id: one for body in wordings for one in attachments_in(body.details)}
    return tuple(map(_attached, found.values()))


def _attached(file: Attachment) -> Attached:
    kind = OF_TYPE.get(file.type)
    return Attached(
        id=file.id,
        name=file.name,
        type=file.type,
        size=file.size,
        sha256=file.sha256,
        extension=kind.extension if kind else "bin",
        read=partial(_read, file),
    )


def _read(file: Attachment) -> Iterator[bytes]:
    try:
        yield from storing.bytes_of(file)
    except FileAltered:
        raise Unreadable from None
    except PlaceAway:
        raise FilesAway from None
