"""Files sealed in chunks: any stretch opens, and nothing that was moved, swapped or cut does."""

import secrets
from collections.abc import Iterator

import pytest

from messaging.files.sealing import (
    CHUNK_BYTES,
    PREFIX_BYTES,
    TAG_BYTES,
    FileAltered,
    open_chunks,
    seal_chunks,
    sealed_size,
)

KEY = secrets.token_bytes(32)
SIZES = [1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 5]
_SEALED = CHUNK_BYTES + TAG_BYTES


def _sealed(data: bytes, name: str = "one") -> bytes:
    """Given in pieces that are no chunks."""
    pieces = (data[at : at + 10_007] for at in range(0, len(data), 10_007))
    return b"".join(seal_chunks(KEY, name, len(data), pieces))


def _opened(sealed: bytes, size: int, start: int = 0, end: int | None = None) -> bytes:
    def read(first: int, last: int) -> Iterator[bytes]:
        stretch = sealed[first:last]
        return (stretch[at : at + 4_099] for at in range(0, len(stretch), 4_099))

    return b"".join(open_chunks(KEY, "one", size, read, start=start, end=end))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_opens_whole_and_in_any_stretch(size: int) -> None:
    data = secrets.token_bytes(size)
    sealed = _sealed(data)
    assert len(sealed) == sealed_size(size)
    assert _opened(sealed, size) == data
    edges = {0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, size - 1, size}
    for start in sorted(edge for edge in edges if 0 <= edge < size):
        for end in sorted(edge for edge in edges if start < edge <= size):
            assert _opened(sealed, size, start, end) == data[start:end]


def test_a_stretch_reads_only_its_chunks() -> None:
    size = 10 * CHUNK_BYTES
    sealed, read = _sealed(bytes(size)), []

    def reader(first: int, last: int) -> list[bytes]:
        read.append(last - first)
        return [sealed[first:last]]

    assert b"".join(open_chunks(KEY, "one", size, reader, start=500_000, end=500_001)) == b"\0"
    assert sum(read) <= PREFIX_BYTES + _SEALED


def _flip(sealed: bytes) -> bytes:
    return sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:]


def _swap(sealed: bytes) -> bytes:
    at = PREFIX_BYTES
    first, second = sealed[at : at + _SEALED], sealed[at + _SEALED : at + 2 * _SEALED]
    return sealed[:at] + second + first + sealed[at + 2 * _SEALED :]


@pytest.mark.parametrize(
    "alter",
    [
        _flip,
        _swap,
        lambda sealed: sealed[:-1],
        lambda sealed: sealed[: PREFIX_BYTES + 2 * _SEALED],
        lambda sealed: b"",
        lambda sealed: _sealed(bytes(3 * CHUNK_BYTES), name="two"),
    ],
)
def test_what_was_altered_does_not_open(alter: object) -> None:
    size = 3 * CHUNK_BYTES
    sealed = alter(_sealed(bytes(size)))  # type: ignore[operator]
    with pytest.raises(FileAltered):
        _opened(sealed, size)


def test_one_that_was_cut_short_is_not_taken_for_a_shorter_one() -> None:
    sealed = _sealed(bytes(3 * CHUNK_BYTES))
    shorter = 2 * CHUNK_BYTES
    with pytest.raises(FileAltered):
        _opened(sealed[: sealed_size(shorter)], shorter)
