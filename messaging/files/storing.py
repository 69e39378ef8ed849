"""Sealed objects into the school's storage, and out of it again."""

import hmac
import io
from collections.abc import Buffer, Iterable, Iterator, Sequence
from functools import partial
from typing import Final
from uuid import UUID

from messaging.files.attached import Attachment
from messaging.files.places import place
from messaging.files.sealing import FileAltered, open_chunks, seal_chunks

_READ_BYTES: Final = 256 * 1024


def piece_of(offset: int, key: bytes, data: bytes) -> str:
    """A piece that begins at `offset`. Other bytes are another object, so that they never take the
    place of those that the scanner has seen; the same ones again are the same."""
    return f"{offset}.{hmac.digest(key, data, 'sha256')[:16].hex()}"


def piece_name(upload: UUID, piece: str) -> str:
    """The object that holds a piece of an upload."""
    return f"{upload}.{piece}"


def thumbnail_name(file: UUID) -> str:
    """The object that holds a picture's thumbnail; the picture's own has the id alone."""
    return f"{file}.thumbnail"


def names_of(file: UUID) -> list[str]:
    """The objects of a file, which may have a thumbnail."""
    return [str(file), thumbnail_name(file)]


def put(name: str, key: bytes, size: int, data: Iterable[bytes]) -> None:
    """Seal `data` into the storage; what stood under this name is replaced. All of it or nothing.

    Raises PlaceFull or PlaceAway.
    """
    place().put(name, seal_chunks(key, name, size, data))


def opened(
    name: str, key: bytes, size: int, *, start: int = 0, end: int | None = None
) -> Iterator[bytes]:
    """The bytes of a sealed file, or a stretch of them. Raises PlaceAway, also on the way; a file
    that is not there, or is another, raises FileAltered."""
    try:
        yield from open_chunks(key, name, size, partial(place().get, name), start=start, end=end)
    except FileNotFoundError:
        raise FileAltered from None


def bytes_of(file: Attachment) -> Iterator[bytes]:
    """All of a file that a message brings; raises what `opened` does."""
    return opened(str(file.id), bytes.fromhex(file.key), file.size)


def thumbnail_of(file: Attachment) -> Iterator[bytes]:
    """All of the thumbnail of a picture, nothing of a file that has none; as `bytes_of`."""
    return opened(thumbnail_name(file.id), bytes.fromhex(file.key), file.thumbnail or 0)


def remove(names: Iterable[str]) -> None:
    """Take objects out of the storage; one that is not there is no error. Raises PlaceAway."""
    for name in names:
        place().delete(name)


class Pieces(io.RawIOBase):
    """What was received of an upload, as one file that can be sought in; nothing of it is ever
    unsealed on a disk.

    The first of `pieces` begins at 0, and `size` says where the last one ends.
    """

    def __init__(self, upload: UUID, key: bytes, pieces: Sequence[str], size: int) -> None:
        super().__init__()
        self._upload, self._key = upload, key
        # A piece of before this had its word is its offset alone.
        offsets = [int(str(piece).partition(".")[0]) for piece in pieces]
        self._spans = list(zip(pieces, offsets, [*offsets[1:], size], strict=True))
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next reading begins."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go on elsewhere."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def readinto(self, buffer: Buffer, /) -> int:
        """As much as there is and the buffer holds."""
        room = memoryview(buffer).cast("B")
        data = b"".join(self.chunks(self._at, self._at + len(room)))
        room[: len(data)] = data
        self._at += len(data)
        return len(data)

    def chunks(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, some at a time."""
        end = self._size if end is None else min(end, self._size)
        for piece, first, last in self._spans:
            if first < end and last > start:
                yield from opened(
                    piece_name(self._upload, piece),
                    self._key,
                    last - first,
                    start=max(start - first, 0),
                    end=min(end, last) - first,
                )

    def buffered(self) -> io.BufferedReader:
        """The same, read ahead."""
        return io.BufferedReader(self, _READ_BYTES)
