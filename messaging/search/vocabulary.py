"""The vocabulary of a domain's month: its words with the number of texts that hold each. Pure.

Packed form, before sealing: zlib over the sorted words, each between line feeds, a NUL, and the
counts as little-endian 32-bit integers in the words' order. Counts may be negative in a row that
an edit appended; rows add up. The packed words are searched as they are, without making a list
of them: a month opens in a millisecond or two, and a word is found by halving in microseconds.
"""

import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_bytes
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from messaging.search.tree import How, Pattern

_NONCE_BYTES: Final = 12
_LEVEL: Final = 1
"""zlib's quickest: a month is read far oftener than its bytes are moved."""
_SMALL_BYTES: Final = 4_096
_LAST: Final = b"\xff"
"""After every byte of UTF-8."""
MOST_WORDS: Final = 2_000
"""Words of a month that part of a word may stand for; there are hardly so many stems of use."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False, weakref_slot=True)
class Words:
    """One row, opened. `text` is sorted words with an LF before, between and after them.

    `subtracts` says that some count is negative: the words of the rows beside it may be gone.
    """

    text: bytes
    counts: "array[int]"
    subtracts: bool

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.text) + len(self.counts) * self.counts.itemsize

    def starting(self, start: bytes) -> list[bytes]:
        """The words that begin so."""
        first, after = self._place(start), self._place(start + _LAST)
        return self.text[first : after - 1].split(b"\n") if first < after else []

    def holding(self, part: bytes, *, limit: int = sys.maxsize) -> list[bytes]:
        """The words that hold `part`, the first `limit` of them; an LF stands for an end."""
        found: list[bytes] = []
        at = self.text.find(part)
        while at >= 0 and len(found) < limit:
            end = self.text.index(b"\n", at + 1)
            found.append(self.text[self.text.rindex(b"\n", 0, at + 1) + 1 : end])
            at = self.text.find(part, end)
        return found

    def has(self, word: bytes) -> bool:
        """Whether this very word stands in the row."""
        return self.text.startswith(word + b"\n", self._place(word))

    def count(self, word: bytes) -> int:
        """In how many texts it stands, as far as this row knows; 0 for a word that it has not."""
        at = self._place(word)
        if not self.text.startswith(word + b"\n", at):
            return 0
        return self.counts[self.text.count(b"\n", 0, at) - 1]

    def all(self) -> dict[str, int]:
        """Every word with its count."""
        return dict(zip(self.words(), self.counts, strict=True))

    def words(self) -> list[str]:
        """Every word."""
        return self.text.decode().split("\n")[1:-1]

    def _place(self, word: bytes) -> int:
        """Where the first word not before `word` begins; the end of the text if there is none."""
        low, high = 1, len(self.text)
        while low < high:
            middle = (low + high) // 2
            start = self.text.rfind(b"\n", low - 1, middle) + 1
            end = self.text.index(b"\n", middle)
            if self.text[start:end] < word:
                low = end + 1
            else:
                high = start
        return low


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
    counts = _little_endian(array("i", numbers))
    return Words(text=text, counts=counts, subtracts=min(counts, default=0) < 0)


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


def present(rows: Sequence[Words], words: Iterable[str]) -> list[str]:
    """Those of `words` that are still in a text."""
    return [word for word in words if _is_there(rows, word.encode())]


def expanded(rows: Sequence[Words], pattern: Pattern) -> list[str] | None:
    """The words of all rows together that resemble a pattern and are still in a text; None for
    too many. Not for words that are alike: a lexicon knows them."""
    form = pattern.form.encode()
    match pattern.how:
        case How.START:
            found = {word for row in rows for word in row.starting(form)}
        case _:
            part = form + b"\n" if pattern.how is How.END else form
            found = {word for row in rows for word in row.holding(part, limit=MOST_WORDS)}
    if len(found) >= MOST_WORDS:
        return None
    if any(row.subtracts for row in rows):
        found = {word for word in found if _is_there(rows, word)}
    return [word.decode() for word in found]


def _is_there(rows: Sequence[Words], word: bytes) -> bool:
    if any(row.subtracts for row in rows):
        return sum(row.count(word) for row in rows) > 0
    return any(row.has(word) for row in rows)


def merged(rows: Iterable[Words]) -> dict[str, int]:
    """The counts of all rows together."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(row.all())
    return {word: count for word, count in counts.items() if count}
