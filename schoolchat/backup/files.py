"""The files of the record, beside the backups of the database: copied once, by their names.

They are sealed already (`messaging.files`), and never change under their name, so that each run
copies only what is new. Every backup lists those that it refers to, with their digests. What a
disposal takes between the snapshot and the copy is left out: the journal says that it went, and a
restore, which brings its message back with the snapshot, takes both away again.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import connection

from audit.disk import force_folder
from messaging.files.places import PlaceAway, PlaceFull, place
from messaging.files.storing import names_of, piece_name
from messaging.models import Attachment, Upload
from schoolchat.backup.errors import BackupRefused, told_plainly

FOLDER: Final = "files"
_READ_BYTES: Final = 256 * 1024
#: Only files that a message refers to: what else is there is being taken away.
_REFERRED: Final = "SELECT DISTINCT file_id FROM messaging_attachment ORDER BY file_id"


@dataclass(frozen=True, kw_only=True)
class Copied:
    """An object of the storage as it stands in the backup: size in bytes, SHA-256 in hex."""

    name: str
    size: int
    sha256: str


def listed(files: Iterable[Copied]) -> Iterator[bytes]:
    """As a part of a backup: a line each."""
    for one in files:
        yield f"{one.name} {one.size} {one.sha256}\n".encode()


def read_list(data: Iterable[bytes]) -> list[Copied]:
    """The lines of that part."""
    lines = b"".join(data).decode().splitlines()
    parts = (line.split(" ") for line in lines)
    return [Copied(name=name, size=int(size), sha256=sha256) for name, size, sha256 in parts]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An object that the snapshot refers to; without `needed` it may not be there. What is needed
    has the file's id for a name."""

    name: str
    needed: bool


def wanted() -> list[Wanted]:
    """What the snapshot refers to. Call it in the snapshot's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_REFERRED)
        files = [row[0] for row in cursor.fetchall()]
    found = []
    for file in files:
        name, *others = names_of(file)
        found.append(Wanted(name=name, needed=True))
        found += [Wanted(name=other, needed=False) for other in others]
    for upload in Upload.objects.order_by("id"):  # not sent yet, and gone meanwhile if it is
        names = [piece_name(upload.id, str(piece)) for piece in upload.pieces]
        found += [Wanted(name=one, needed=False) for one in names or names_of(upload.id)]
    return found


def copy_files(names: Iterable[Wanted], to: Path, before: Iterable[Copied]) -> Iterator[Copied]:
    """Copy what is not there yet; yields every one that is there then.

    `before` are those of an earlier backup in the same place, which are not copied again.
    """
    known = {one.name: one for one in before}
    with told_plainly(to):
        to.mkdir(mode=0o700, exist_ok=True)
        _sweep(to)
        for one in names:
            copied = known.get(one.name)
            if copied is None or not _is_there(to, copied):
                copied = _copy(one, to)
            if copied:
                yield copied


def path_of(folder: Path, name: str) -> Path:
    """Where an object stands; the end of a UUID is random, so that no folder gets long."""
    uuid = name.partition(".")[0]
    if not uuid.replace("-", "").isalnum() or "/" in name:
        raise BackupRefused(f"{name!r} is not the name of a file: take another copy of the backup.")
    return folder / uuid[-2:] / name


def read_file(folder: Path, copied: Copied) -> Iterator[bytes]:
    """The bytes of a copy; raises BackupRefused at its end where they are not those written."""
    path, digest = path_of(folder, copied.name), hashlib.sha256()
    with told_plainly(folder), path.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            digest.update(piece)
            yield piece
    if digest.hexdigest() != copied.sha256:
        raise BackupRefused(
            f"{path} was altered or cut short: take another copy of the folder of files."
        )


def _is_there(to: Path, copied: Copied) -> bool:
    try:
        return path_of(to, copied.name).stat().st_size == copied.size
    except FileNotFoundError:
        return False


def _copy(one: Wanted, to: Path) -> Copied | None:
    final = path_of(to, one.name)
    final.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = to / f".unfinished-{secrets.token_hex(8)}"
    digest, size = hashlib.sha256(), 0
    try:
        with unfinished.open("xb", buffering=0) as file:
            for piece in _pieces(one.name):
                digest.update(piece)
                size += len(piece)
                _write_all(file.fileno(), piece)
            os.fsync(file.fileno())
        unfinished.rename(final)
        force_folder(final.parent)
    except _Missing:
        if one.needed and _is_referred_to(UUID(one.name)):
            raise BackupRefused(
                f"The file {one.name} of the record is not in the storage of files: put it back "
                "there, and run the command again."
            ) from None
        return None
    finally:
        unfinished.unlink(missing_ok=True)
    return Copied(name=one.name, size=size, sha256=digest.hexdigest())


def _is_referred_to(file: UUID) -> bool:
    """Now, and not in the snapshot: the reference goes before the file does."""
    return Attachment.objects.filter(file=file).exists()


class _Missing(Exception):
    """The storage has no such object."""


def _pieces(name: str) -> Iterator[bytes]:
    """Out of the storage, whose failures are not those of the place that we write to."""
    try:
        yield from place().get(name)
    except FileNotFoundError:
        raise _Missing from None
    except (PlaceAway, PlaceFull) as error:
        raise BackupRefused(
            "The storage of files does not answer: look at SCHOOLCHAT_FILES, and run the command "
            "again."
        ) from error


def _sweep(to: Path) -> None:
    for left in to.glob(".unfinished-*"):
        left.unlink()


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
