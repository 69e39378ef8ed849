"""The harvester: everything on a disk that could be a key, a sealed text or a token, tried all
against all with a given keyring.

It asks no catalogue: it looks for the shapes that values have in heap pages (dead rows included)
and WAL alike. A wrapped key is 40 bytes behind the length byte of a short value. A sealed body
stands behind a length of one or four bytes, which follows the small number of its version; a
sealed row of a vocabulary behind the id of its key, a UUIDv7. AES-GCM without its tag is AES-CTR,
so that a thief who lacks the additional data still reads. What is somebody's own is sealed twice:
each pair of keys is tried on it.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR, ECB
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

from messaging.search.analysis import stems
from messaging.search.indexed import Indexed
from messaging.search.tokens import derive, tokens_asked

_NONCE, _TAG, _BLOCK = 12, 16, 16
_LONGEST = 40_000  # bytes of one sealed text
_FIRST_BLOCK = (2).to_bytes(4)  # GCM encrypts from counter 2 on
_BODY = b'{"salt":"'
_OWN = b'{"text":"'
# What zlib begins with: at level 1 with its usual window, and with the small one of short rows.
_ZLIB = (b"\x78\x01", b"\x48\x0d")
_WRAPPED = re.compile(rb"(?=\x53(?!\x00\x00)(.{40}))", re.DOTALL)
_ODD = b"".join(re.escape(bytes([n])) for n in range(0x43, 0x100, 2))
_FOURS = b"".join(re.escape(bytes([n])) for n in range(0, 0x100, 4))
_SHORT = rb"(?=([" + _ODD + rb"])(?!\x00\x00)(.{28}))"
_LONG = rb"(?=([" + _FOURS + rb"].[\x00-\x02]\x00)(?!\x00\x00)(.{28}))"
_AFTER_NUMBER, _AFTER_UUID = rb"(?<=\x00\x00\x00)", rb"(?<=[\x70-\x7f].[\x80-\xbf].{7})"
_PLACES = [
    re.compile(before + length, re.DOTALL)
    for before in (_AFTER_NUMBER, _AFTER_UUID)
    for length in (_SHORT, _LONG)
]
_SOME_MORE = rb"(?:.{4}){0,6}"
_ZEROS = re.compile(rb"\x00{64,}")
_WAL_PAGE, _WAL_HEADER, _WAL_FIRST_HEADER = 8_192, 24, 40  # bytes


@dataclass(frozen=True, kw_only=True)
class Harvest:
    """What could be read: bodies by their JSON, words of vocabularies, opened keys."""

    texts: set[bytes]
    vocabulary: set[bytes]
    keys: set[bytes]

    def holds(self, words: str) -> bool:
        """Whether these words stand in an opened text."""
        return any(words.encode() in text for text in self.texts)

    def own_holds(self, words: str) -> bool:
        """Whether they stand among what somebody kept for themselves."""
        return any(words.encode() in text for text in self.texts if text.startswith(_OWN))


class Disk:
    """Bytes of files, and what in them could be a wrapped key or a sealed text."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._wrapped = {match[1] for match in _WRAPPED.finditer(data)}
        self._sealed = list(set(_sealed(data)))
        self._counters = b"".join(one[:_NONCE] + _FIRST_BLOCK for one in self._sealed)
        firsts = (one[_NONCE : _NONCE + _BLOCK].ljust(_BLOCK, b"\0") for one in self._sealed)
        self._firsts = int.from_bytes(b"".join(firsts))

    def harvest(self, generations: Mapping[int, bytes]) -> Harvest:
        """Open whatever these generations open."""
        keys = set(_unwrapped(self._wrapped, generations.values()))
        texts: set[bytes] = set()
        words: set[bytes] = set()
        for key in keys:
            texts.update(self._read(key, _BODY))
            texts.update(self._read(key, _OWN))
            for beginning in _ZLIB:
                words.update(_inflated(self._read(derive(key).words, beginning)))
        for outer in keys:
            texts.update(self._read_twice(outer, keys))
        return Harvest(texts=texts, vocabulary=words, keys=keys)

    def confirms(self, keys: Iterable[bytes], guess: str) -> bool:
        """Whether all tokens of a guess, under some index key, stand together."""
        for key in keys:
            found = tokens_asked(derive(key).tokens, stems(Indexed.of(guess).words))
            # In a row they are sorted, those of channel, author and names of files among them.
            row = _SOME_MORE.join(re.escape(struct.pack("<i", token)) for token in found)
            if found and re.search(row, self.data, re.DOTALL):
                return True
        return False

    def _read(self, key: bytes, beginning: bytes) -> Iterator[bytes]:
        """The plaintexts under this key that begin as they should: first blocks all at once."""
        stream = Cipher(AES(key), ECB()).encryptor().update(self._counters)  # noqa: S305
        plain = (int.from_bytes(stream) ^ self._firsts).to_bytes(len(stream))
        at = plain.find(beginning)
        while at >= 0:
            if at % _BLOCK == 0:
                yield _ctr(key, self._sealed[at // _BLOCK])
            at = plain.find(beginning, at + 1)

    def _read_twice(self, outer: bytes, keys: Iterable[bytes]) -> Iterator[bytes]:
        """The words that are sealed under one key and that under another."""
        within = [_ctr(outer, one) for one in self._sealed]
        within = [one for one in within if len(one) >= _NONCE + _BLOCK]
        counters = b"".join(one[:_NONCE] + _FIRST_BLOCK for one in within)
        firsts = int.from_bytes(b"".join(one[_NONCE : _NONCE + _BLOCK] for one in within))
        for key in keys:
            stream = Cipher(AES(key), ECB()).encryptor().update(counters)  # noqa: S305
            plain = (int.from_bytes(stream) ^ firsts).to_bytes(len(stream))
            at = plain.find(_OWN)
            while at >= 0:
                if at % _BLOCK == 0:
                    yield _ctr(key, within[at // _BLOCK])
                at = plain.find(_OWN, at + 1)


def _ctr(key: bytes, sealed: bytes) -> bytes:
    """What is sealed, its nonce before it, without looking at any tag."""
    cipher = Cipher(AES(key), CTR(sealed[:_NONCE] + _FIRST_BLOCK))
    return cipher.decryptor().update(sealed[_NONCE:])


def files_below(folder: Path, *, since: float = 0.0) -> bytes:
    """The bytes of every file below the folder, each content once, runs of zeros cut short; of
    those written `since` (seconds since the epoch), which are all that can hold what is newer."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    files = (path for path in found if path.stat().st_mtime >= since)
    contents = dict.fromkeys(_ZEROS.sub(bytes(64), _content(path)) for path in files)
    return b"\n".join(contents)


def _content(path: Path) -> bytes:
    """A file's bytes; of a WAL segment without the headers that cut values in two."""
    data = path.read_bytes()
    if path.parent.name != "pg_wal":
        return data
    starts = range(_WAL_PAGE, len(data), _WAL_PAGE)
    rest = (data[at + _WAL_HEADER : at + _WAL_PAGE] for at in starts)
    return data[_WAL_FIRST_HEADER:_WAL_PAGE] + b"".join(rest)


def _unwrapped(candidates: Iterable[bytes], generations: Iterable[bytes]) -> Iterator[bytes]:
    for generation in generations:
        for candidate in candidates:
            try:
                yield aes_key_unwrap(generation, candidate)
            except InvalidUnwrap:
                continue


def _sealed(data: bytes) -> Iterator[bytes]:
    """Nonce and ciphertext of everything that could be a sealed text, its tag cut off."""
    for match in (match for place in _PLACES for match in place.finditer(data)):
        head = match[1]
        size = (head[0] >> 1) - 1 if len(head) == 1 else (struct.unpack("<I", head)[0] >> 2) - 4
        if _NONCE + _TAG < size < _LONGEST and _looks_random(match[2]):
            start = match.start() + len(head)
            yield data[start : start + size - _TAG]


def _looks_random(sample: bytes) -> bool:
    return len(set(sample)) > len(sample) * 2 // 3


def _inflated(packed: Iterable[bytes]) -> Iterator[bytes]:
    for one in packed:
        try:
            yield zlib.decompressobj().decompress(one)
        except zlib.error:
            continue
