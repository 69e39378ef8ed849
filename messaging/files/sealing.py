"""A file sealed in chunks: AES-256-GCM, so that any part of it opens without the rest. Pure.

An object is eight random bytes, and then its chunks: 64 KiB of the file each (the last one may be
shorter), with a tag of 16 bytes. A chunk's nonce is those eight bytes and its number in four; bound
to it are the object's name, the number, and whether it is the last. So no chunk can be moved,
swapped, left out or added, and no object can be cut short or put in another's place. As STREAM does
(Hoang, Reyhanitabar, Rogaway, Vizár: Online authenticated-encryption and its nonce-reuse
misuse-resistance, CRYPTO 2015), with the last flag in the additional data.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK_BYTES: Final = 64 * 1024
PREFIX_BYTES: Final = 8
TAG_BYTES: Final = 16
_SEALED_BYTES: Final = CHUNK_BYTES + TAG_BYTES
_COUNTER_BYTES: Final = 4

#: Bytes of a sealed object from a start up to an end, as the storage reads them.
type Reader = Callable[[int, int], Iterable[bytes]]


class FileAltered(Exception):
    """This file does not fit the record: it was altered, cut short, or is another one."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def sealed_size(size: int) -> int:
    """How many bytes a file of `size` bytes, at least one, takes up sealed."""
    return PREFIX_BYTES + size + TAG_BYTES * _chunks(size)


def seal_chunks(key: bytes, name: str, size: int, data: Iterable[bytes]) -> Iterator[bytes]:
    """The sealed object of `data`, which comes in pieces of any length and is `size` bytes long."""
    cipher, prefix, last = AESGCM(key), secrets.token_bytes(PREFIX_BYTES), _chunks(size) - 1
    yield prefix
    for number, chunk in enumerate(rechunked(data)):
        yield cipher.encrypt(_nonce(prefix, number), chunk, _bound_to(name, number, number == last))


def seal_stream(key: bytes, name: str, data: Iterable[bytes]) -> Iterator[bytes]:
    """The same of data whose length nobody knows before its end, which may be empty; `open_stream`
    opens it, and `open_chunks` as well where it was not."""
    cipher, prefix = AESGCM(key), secrets.token_bytes(PREFIX_BYTES)
    yield prefix
    number, chunks = 0, rechunked(data)
    chunk = next(chunks, b"")
    for following in chunks:
        yield cipher.encrypt(_nonce(prefix, number), chunk, _bound_to(name, number, last=False))
        number, chunk = number + 1, following
    yield cipher.encrypt(_nonce(prefix, number), chunk, _bound_to(name, number, last=True))


def open_stream(key: bytes, name: str, sealed: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a whole object whose length nobody has written down, as `seal_stream` sealed
    them. Raises FileAltered at the first chunk that does not open."""
    pieces = iter(sealed)
    head = bytearray()
    while len(head) < PREFIX_BYTES and (piece := next(pieces, b"")):
        head += piece
    prefix = bytes(head[:PREFIX_BYTES])
    chunks = rechunked(_after(bytes(head[PREFIX_BYTES:]), pieces), _SEALED_BYTES)
    number, chunk, cipher = 0, next(chunks, b""), AESGCM(key)
    for following in chunks:
        yield _opened(cipher, prefix, chunk, name=name, number=number, last=False)
        number, chunk = number + 1, following
    yield _opened(cipher, prefix, chunk, name=name, number=number, last=True)


def open_chunks(
    key: bytes, name: str, size: int, read: Reader, *, start: int = 0, end: int | None = None
) -> Iterator[bytes]:
    """The bytes of a file from `start` up to `end` (its end where that is None); only the chunks in
    which they lie are read. Raises FileAltered at the first that does not open."""
    end = size if end is None else end
    if start >= end:
        return
    cipher, first, last = AESGCM(key), start // CHUNK_BYTES, (end - 1) // CHUNK_BYTES
    sealed = _sealed_chunks(read, first, last, size)
    prefix = next(sealed, b"")
    number = first
    for chunk in sealed:
        last_one = number == _chunks(size) - 1
        plain = _opened(cipher, prefix, chunk, name=name, number=number, last=last_one)
        offset = number * CHUNK_BYTES
        yield plain[max(start - offset, 0) : end - offset]
        number += 1
    if number != last + 1:
        raise FileAltered


def rechunked(data: Iterable[bytes], length: int = CHUNK_BYTES) -> Iterator[bytes]:
    """The same bytes in pieces of `length`; the last may be shorter, and none is empty."""
    waiting = bytearray()
    for piece in data:
        waiting += piece
        while len(waiting) >= length:
            yield bytes(waiting[:length])
            del waiting[:length]
    if waiting:
        yield bytes(waiting)


def _sealed_chunks(read: Reader, first: int, last: int, size: int) -> Iterator[bytes]:
    """The prefix, and then the sealed chunks from `first` to `last`; one reading where they follow
    upon the prefix, else two."""
    end = min(PREFIX_BYTES + (last + 1) * _SEALED_BYTES, sealed_size(size))
    if first == 0:
        pieces = iter(read(0, end))
        head = bytearray()
        while len(head) < PREFIX_BYTES and (piece := next(pieces, b"")):
            head += piece
        yield bytes(head[:PREFIX_BYTES])
        yield from rechunked(_after(bytes(head[PREFIX_BYTES:]), pieces), _SEALED_BYTES)
        return
    yield b"".join(read(0, PREFIX_BYTES))
    yield from rechunked(read(PREFIX_BYTES + first * _SEALED_BYTES, end), _SEALED_BYTES)


def _after(head: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield head
    yield from pieces


def _opened(
    cipher: AESGCM, prefix: bytes, chunk: bytes, *, name: str, number: int, last: bool
) -> bytes:
    try:
        nonce = _nonce(prefix, number)
        return cipher.decrypt(nonce, chunk, _bound_to(name, number, last))
    except (InvalidTag, ValueError):  # ValueError: a nonce or a chunk that is too short
        raise FileAltered from None


def _chunks(size: int) -> int:
    return -(-size // CHUNK_BYTES)


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + number.to_bytes(_COUNTER_BYTES)


def _bound_to(name: str, number: int, last: bool) -> bytes:
    return f"schoolchat file 1\n{name}\n{number}\n{'last' if last else 'more'}".encode()
