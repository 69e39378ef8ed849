"""The harvester: everything in a folder that could be a key, a sealed text or a token, tried all
against all with a given keyring.

It needs no catalogue and no row: it looks for the shapes that PostgreSQL gives to values, in heap
pages (dead rows included), indexes and WAL alike. A wrapped key is 40 bytes behind the length byte
of a short value; a sealed text stands behind a length of one or four bytes. AES-GCM without its
tag is AES-CTR, so that a thief who lacks the additional data still reads.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR, ECB
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

from messaging.search.analysis import forms, stems
from messaging.search.tokens import derive, tokens

_NONCE, _TAG, _BLOCK = 12, 16, 16
_LONGEST = 40_000  # bytes of one sealed text
_FIRST_BLOCK = (2).to_bytes(4)  # GCM encrypts from counter 2 on
_BODY, _ZLIB = b'{"salt":"', b"\x78\x01"
_WRAPPED = re.compile(rb"(?=\x53(?!\x00\x00)(.{40}))", re.DOTALL)
_ODD = b"".join(re.escape(bytes([n])) for n in range(0x63, 0x100, 2))
_SHORT = re.compile(rb"(?=([" + _ODD + rb"])(?!\x00\x00)(.{28}))", re.DOTALL)
_LONG = re.compile(rb"(?=(.[\x01-\xff][\x00\x01]\x00)(?!\x00\x00)(.{28}))", re.DOTALL)
_ZEROS = re.compile(rb"\x00{64,}")
_WAL_PAGE, _WAL_HEADER, _WAL_FIRST_HEADER = 8_192, 24, 40  # bytes


@dataclass(kw_only=True)
class Harvest:
    """What was found in the clear: bodies by their JSON, words of vocabularies, opened keys."""

    texts: set[bytes] = field(default_factory=set)
    vocabulary: set[bytes] = field(default_factory=set)
    keys: set[bytes] = field(default_factory=set)

    def holds(self, words: str) -> bool:
        """Whether these words stand in an opened text."""
        return any(words.encode() in text for text in self.texts)


def files_below(folder: Path) -> bytes:
    """The bytes of every file below the folder, each content once, runs of zeros cut short."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
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


def harvest(data: bytes, generations: Mapping[int, bytes]) -> Harvest:
    """Open whatever these generations open in `data`."""
    result = Harvest(keys=set(_unwrapped(data, generations.values())))
    sealed = list(set(_sealed(data)))
    for key in result.keys:
        result.texts.update(_read(key, sealed, _BODY))
        words = derive(key).words
        result.vocabulary.update(_inflated(_read(words, sealed, _ZLIB)))
    return result


def confirms(data: bytes, keys: Iterable[bytes], guess: str) -> bool:
    """Whether all tokens of a guess, under some index key, stand together in the data."""
    for key in keys:
        found = tokens(derive(key).tokens, stems(forms(guess)))
        if found and struct.pack(f"<{len(found)}i", *found) in data:
            return True
    return False


def _unwrapped(data: bytes, generations: Iterable[bytes]) -> Iterator[bytes]:
    candidates = {match[1] for match in _WRAPPED.finditer(data)}
    for generation in generations:
        for candidate in candidates:
            try:
                yield aes_key_unwrap(generation, candidate)
            except InvalidUnwrap:
                continue


def _sealed(data: bytes) -> Iterator[bytes]:
    """Nonce and ciphertext of everything that could be a sealed text, its tag cut off."""
    for match in _SHORT.finditer(data):
        size = (match[1][0] >> 1) - 1
        if match[1][0] & 1 and size > _NONCE + _TAG and _looks_random(match[2]):
            yield data[match.start() + 1 : match.start() + 1 + size - _TAG]
    for match in _LONG.finditer(data):
        (header,) = struct.unpack("<I", match[1])
        size = (header >> 2) - 4
        if not header & 3 and _NONCE + _TAG < size < _LONGEST and _looks_random(match[2]):
            yield data[match.start() + 4 : match.start() + 4 + size - _TAG]


def _looks_random(sample: bytes) -> bool:
    return len(set(sample)) > len(sample) * 2 // 3


def _read(key: bytes, sealed: list[bytes], beginning: bytes) -> Iterator[bytes]:
    """The plaintexts under this key that begin as they should: first blocks all at once."""
    counters = b"".join(one[:_NONCE] + _FIRST_BLOCK for one in sealed)
    stream = Cipher(AES(key), ECB()).encryptor().update(counters)  # noqa: S305
    cut = b"".join(one[_NONCE : _NONCE + _BLOCK].ljust(_BLOCK, b"\0") for one in sealed)
    plain = (int.from_bytes(stream) ^ int.from_bytes(cut)).to_bytes(len(stream))
    at = plain.find(beginning)
    while at >= 0:
        if at % _BLOCK == 0:
            one = sealed[at // _BLOCK]
            cipher = Cipher(AES(key), CTR(one[:_NONCE] + _FIRST_BLOCK))
            yield cipher.decryptor().update(one[_NONCE:])
        at = plain.find(beginning, at + 1)


def _inflated(packed: Iterable[bytes]) -> Iterator[bytes]:
    for one in packed:
        try:
            yield zlib.decompressobj().decompress(one)
        except zlib.error:
            continue
