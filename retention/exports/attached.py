"""The files of messages as a bundle holds them: under data/files, by their ids. Pure.

The name that people gave a file stands in the record of its message. In the bundle it is called by
its id and the extension that is true to its bytes: no name can lead anywhere, or clash, on whatever
system a bundle is unpacked.
"""

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Final
from uuid import UUID

FOLDER: Final = "data/files/"


class Unreadable(Exception):
    """The bytes of a file are not those that were sent, or are gone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attached:
    """A file of a message. `read` gives its bytes, or raises Unreadable; `sha256` is in hex."""

    id: UUID
    name: str
    type: str
    size: int
    sha256: str
    extension: str
    read: Callable[[], Iterator[bytes]] = field(repr=False, compare=False)

    @property
    def path(self) -> str:
        """Where in the bag it stands."""
        return f"{FOLDER}{self.id}.{self.extension}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelved:
    """Where on the shelf a file begins, its length and its digest."""

    start: int
    size: int
    sha256: str


class Shelf:
    """All files of an export one behind the other in one working file: there may be thousands, and
    a process may have few files open. A file that several messages bring stands here once."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._end = 0
        self._kept: dict[str, Shelved] = {}
        self._unreadable: set[str] = set()

    def put(self, attached: Attached) -> bool:
        """Put it there, unless it is; tells whether it could be read and is what was sent."""
        path = attached.path
        if path not in self._kept and path not in self._unreadable:
            self._read(attached)
        return path in self._kept

    def _read(self, attached: Attached) -> None:
        digest, size = hashlib.sha256(), 0
        self._file.seek(self._end)
        with contextlib.suppress(Unreadable):
            for chunk in attached.read():
                digest.update(chunk)
                size += self._file.write(chunk)
        if digest.hexdigest() != attached.sha256:
            self._unreadable.add(attached.path)
            return
        found = Shelved(start=self._end, size=size, sha256=attached.sha256)
        self._kept[attached.path] = found
        self._end += size

    @property
    def kept(self) -> Mapping[str, Shelved]:
        """What stands there, by path."""
        return self._kept

    @property
    def unreadable(self) -> int:
        """How many files could not be read."""
        return len(self._unreadable)

    def chunks(self, shelved: Shelved, most: int) -> Iterator[bytes]:
        """The bytes of a file again."""
        self._file.seek(shelved.start)
        left = shelved.size
        while left and (chunk := self._file.read(min(most, left))):
            left -= len(chunk)
            yield chunk


def attached_text(attached: Attached) -> str:
    """A file in a cell of a table."""
    return f"{attached.name} ({attached.path.removeprefix('data/')})"
