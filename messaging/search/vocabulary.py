"""The vocabulary of a domain's month: its words with the number of texts that hold each. Pure.

Packed form, before sealing: zlib over the sorted words, each between line feeds, a NUL, and the
counts as little-endian 32-bit integers in the words' order. Counts may be negative in a row that
an edit appended; rows add up. The packed words are searched as they are, without making a list
of them: a month opens in a millisecond or two.
"""

import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from secrets import token_bytes
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES: Final = 12
_LEVEL: Final = 1
"""zlib's quickest: a month is read far oftener than its bytes are moved."""
_SMALL_BYTES: Final = 4_096


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """One row, opened. `text` is LF-separated words with an LF at both ends."""

    text: bytes
    counts: "array[int]"

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.text) + len(self.counts) * self.counts.itemsize

    def starting(self, prefix: bytes) -> list[tuple[bytes, int]]:
        """The words that begin with `prefix`, and their counts."""
        at = self.text.find(b"\n" + prefix)
        if at < 0:
            return []
        end = at
        while self.text.startswith(prefix, end + 1):
            end = self.text.index(b"\n", end + 1)
        number = self.text.count(b"\n", 0, at)
        found = self.text[at + 1 : end].split(b"\n")
        return list(zip(found, self.counts[number : number + len(found)], strict=True))

    def all(self) -> dict[str, int]:
        """Every word with its count."""
        return dict(zip(self.text.decode().split("\n")[1:-1], self.counts, strict=True))


def pack(counts: Mapping[str, int]) -> bytes:
    """Counts of words, packed and compressed; what counts nothing is left out."""
    words = sorted((word.encode(), count) for word, count in counts.items() if count)
    text = b"\n" + b"".join(word + b"\n" for word, _ in words)
    numbers = _little_endian(array("i", (count for _, count in words)))
    return _compress(text + b"\0" + numbers.tobytes())


def _compress(content: bytes) -> bytes:
    """As zlib does, with a window that fits: its usual quarter of a megabyte may be taken from
    the system and given back each time, which costs ten times as much as packing a message."""
    if len(content) > _SMALL_BYTES:
        return zlib.compress(content, _LEVEL)
    packer = zlib.compressobj(_LEVEL, wbits=_SMALL_BYTES.bit_length() - 1, memLevel=4)
    return packer.compress(content) + packer.flush()


def unpack(packed: bytes) -> Words:
    """The words of a packed row."""
    text, _, numbers = zlib.decompress(packed).partition(b"\0")
    return Words(text=text, counts=_little_endian(array("i", numbers)))


def _little_endian(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def seal(key: bytes, row: UUID, counts: Mapping[str, int]) -> bytes:
    """The words of one row, sealed under the domain's and month's key and bound to the row."""
    nonce = token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, pack(counts), row.bytes)


def unseal(key: bytes, row: UUID, sealed: bytes) -> Words:
    """The words of a sealed row; InvalidTag when it was altered or moved."""
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    return unpack(AESGCM(key).decrypt(nonce, rest, row.bytes))


def starting(rows: Iterable[Words], prefix: str) -> list[str]:
    """The words of all rows together that begin with a folded prefix and are still in a text."""
    counts: Counter[bytes] = Counter()
    for row in rows:
        for word, count in row.starting(prefix.encode()):
            counts[word] += count
    return [word.decode() for word, count in counts.items() if count > 0]


def merged(rows: Iterable[Words]) -> dict[str, int]:
    """The counts of all rows together."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(row.all())
    return {word: count for word, count in counts.items() if count}
