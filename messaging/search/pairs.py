"""The keyed row of a text: its tokens, and one byte for every two words in a row. Pure.

A phrase of two frequent words stands in few of the texts that hold both. Which words stand next
to each other in a text is kept as a set of bytes, one of 256 for each pair: of a hundred texts
in which the words do not stand in a row, some four have the byte of another pair, and the
plaintext refuses these. So small a byte says less to whoever has no key than a token would.

A pair's byte is looked up, and not hashed, since texts are full of pairs that are new: the tokens
of its words name a place among 65,536 secret bytes, which are a key stream, AES-256 in counter
mode, of which a search makes only what it needs. Whoever learns the byte of one pair knows those
of the few pairs that share its place.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from messaging.search.analysis import stem
from messaging.search.indexed import Indexed, Pair
from messaging.search.tokens import Keys, known_tokens, tokens_asked

_BLOCK: Final = 16
_PLACES: Final = 1 << 16
_LAST: Final = _PLACES - 1
_KEYS_KEPT: Final = 16
"""64 KiB each; one is made in a twentieth of a millisecond."""


@lru_cache(_KEYS_KEPT)
def _table(key: bytes) -> bytes:
    return Cipher(AES(key), CTR(bytes(_BLOCK))).encryptor().update(bytes(_PLACES))


def keyed(
    keys: Keys, parts: Iterable[Indexed], places: Iterable[UUID | None] = ()
) -> tuple[list[int], bytes]:
    """The tokens of a text, its channel and its author, and the bytes of its pairs: each once and
    sorted, so that their order says nothing about the order of the words.

    Channel and author stand in the row anyway; as tokens the index of the tokens knows them, so
    that a frequent word in a quiet channel is found without reading it in all the others.
    """
    known, table = known_tokens(keys.tokens), _table(keys.pairs)
    numbers: set[int] = set()
    found: set[int] = set()
    for part in parts:
        numbers.update(map(known.__getitem__, map(stem, part.words)))
        row = [*map(known.__getitem__, part.row)]
        found.update([table[3 * one + two & _LAST] for one, two in pairwise(row)])
        for one, two in part.pairs:
            found.add(table[_place(known[one], known[two])])
    numbers.update([known[place.int] for place in places if place is not None])
    return sorted(numbers), bytes(sorted(found))


def _place(one: int, two: int) -> int:
    """The place in the table of a pair of tokens; in `keyed` it is written out, for speed."""
    return 3 * one + two & _LAST


def bytes_asked(keys: Keys, pairs: Iterable[Pair]) -> bytes:
    """The bytes of pairs that are looked for. Nothing is kept, since a search goes through many
    months."""
    found = set()
    for one, two in pairs:
        (first,), (second,) = tokens_asked(keys.tokens, [one]), tokens_asked(keys.tokens, [two])
        block, at = divmod(_place(first, second), _BLOCK)
        stream = Cipher(AES(keys.pairs), CTR(block.to_bytes(_BLOCK))).encryptor()
        found.add(stream.update(bytes(_BLOCK))[at])
    return bytes(sorted(found))


def forget_pairs() -> None:
    """Drop everything that is kept."""
    _table.cache_clear()
