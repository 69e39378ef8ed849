"""The keyed row of a text: its tokens, and one byte for every two words in a row. Pure.

A phrase of two frequent words stands in few of the texts that hold both. Which words stand next
to each other in a text is kept as a set of bytes, one of 256 for each pair: of a hundred texts
in which the words do not stand in a row, some four have the byte of another pair, and the
plaintext refuses these. So small a byte says less to whoever has no key than a token would.

A pair's byte is looked up, and not hashed, since texts are full of pairs that are new: the tokens
of its words name a secret number of sixteen bits each, one for where the word is the first of a
pair and one for where it is the second, and both together a place among 65,536 secret bytes. All
of it is one key stream, AES-256 in counter mode, of which a search makes only what it needs.
"""

import sys
from array import array
from collections.abc import Iterable
from functools import lru_cache
from operator import xor
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from messaging.search.analysis import stem
from messaging.search.indexed import Indexed, Pair
from messaging.search.tokens import Keys, Tokens, known_tokens, tokens_asked

_SIXTEEN: Final = 0xFFFF
_BLOCK: Final = 16
# The key stream: 65,536 numbers of two bytes for first words, as many for second words, the bytes.
_SECOND: Final = 2 << 16
_TABLE: Final = 4 << 16
_STREAM: Final = 5 << 16
_WORDS_KEPT: Final = 32_768
_KEYS_KEPT: Final = 16
"""320 KiB each; a key is made in a fifth of a millisecond."""


class _Short(dict[str, int]):
    """The lower sixteen bits of tokens."""

    def __init__(self, known: Tokens) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, stem: str) -> int:
        if len(self) >= _WORDS_KEPT:
            self.clear()
        short = self[stem] = self._known[stem] & _SIXTEEN
        return short


class _Pairs:
    def __init__(self, keys: Keys) -> None:
        self.short = _Short(known_tokens(keys.tokens))
        encryptor = Cipher(AES(keys.pairs), CTR(bytes(_BLOCK))).encryptor()
        stream = encryptor.update(bytes(_STREAM))
        self.first, self.second = array("H"), array("H")
        self.first.frombytes(stream[:_SECOND])
        self.second.frombytes(stream[_SECOND:_TABLE])
        if sys.byteorder == "big":
            self.first.byteswap()
            self.second.byteswap()
        self.table = stream[_TABLE:]


_pairs_under: Final = lru_cache(_KEYS_KEPT)(_Pairs)


def keyed(
    keys: Keys, parts: Iterable[Indexed], places: Iterable[UUID | None] = ()
) -> tuple[list[int], bytes]:
    """The tokens of a text, its channel and its author, and the bytes of its pairs: each once and
    sorted, so that their order says nothing about the order of the words.

    Channel and author stand in the row anyway; as tokens the index of the tokens knows them, so
    that a frequent word in a quiet channel is found without reading it in all the others.
    """
    known, under = known_tokens(keys.tokens), _pairs_under(keys)
    short, first, second = (
        under.short.__getitem__,
        under.first.__getitem__,
        under.second.__getitem__,
    )
    numbers: set[int] = set()
    places_of_pairs: set[int] = set()
    for part in parts:
        numbers.update(map(known.__getitem__, map(stem, part.words)))
        row = [*map(short, part.row)]
        places_of_pairs.update(map(xor, map(first, row), map(second, row[1:])))
        for one, two in part.pairs:
            places_of_pairs.add(first(short(one)) ^ second(short(two)))
    numbers.update([known[place.int] for place in places if place is not None])
    return sorted(numbers), bytes(sorted(set(map(under.table.__getitem__, places_of_pairs))))


def bytes_asked(keys: Keys, pairs: Iterable[Pair]) -> bytes:
    """The bytes of pairs that are looked for. Nothing is kept, since a search goes through many
    months."""
    cipher = AES(keys.pairs)

    def at(place: int, size: int = 1) -> int:
        block = Cipher(cipher, CTR((place // _BLOCK).to_bytes(_BLOCK))).encryptor()
        return int.from_bytes(block.update(bytes(_BLOCK))[place % _BLOCK :][:size], "little")

    found = set()
    for one, two in pairs:
        (first,), (second,) = tokens_asked(keys.tokens, [one]), tokens_asked(keys.tokens, [two])
        number = at(2 * (first & _SIXTEEN), 2) ^ at(_SECOND + 2 * (second & _SIXTEEN), 2)
        found.add(at(_TABLE + number))
    return bytes(sorted(found))


def forget_pairs() -> None:
    """Drop everything that is kept."""
    _pairs_under.cache_clear()
