"""Tokens: 32 bits of a keyed hash of a stem, and the keys that an index key is split into. Pure.

One index key serves three ends, each by a key derived from it: tokens, pairs (pairs.py) and the
vocabulary.
Thirty-two bits give about one false candidate in a hundred million texts a word; the plaintext
decides anyway.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Final

KEY_BYTES: Final = 32
_TOKEN_BYTES: Final = 4
# Hash personalisation, at most 16 bytes (RFC 7693 parameter block).
_FOR_TOKENS: Final = b"schoolchat tok 1"
_FOR_PAIRS: Final = b"schoolchat par 1"
_FOR_WORDS: Final = b"schoolchat voc 1"
# About a hundred bytes a word, and only the months that are written to fill up.
_KEYS_KEPT: Final = 16
_WORDS_KEPT: Final = 32_768


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The keys derived from an index key, 32 bytes each."""

    tokens: bytes
    pairs: bytes
    words: bytes


def derive(index_key: bytes) -> Keys:
    """The keys of an index key."""
    return Keys(
        tokens=blake2b(key=index_key, digest_size=KEY_BYTES, person=_FOR_TOKENS).digest(),
        pairs=blake2b(key=index_key, digest_size=KEY_BYTES, person=_FOR_PAIRS).digest(),
        words=blake2b(key=index_key, digest_size=KEY_BYTES, person=_FOR_WORDS).digest(),
    )


type Named = str | int
"""A stem, or the number of a channel's or an author's id."""


class Tokens(dict[Named, int]):
    """The signed 32-bit tokens under one key: most words come again."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._base = blake2b(key=key, digest_size=_TOKEN_BYTES)

    def __missing__(self, named: Named) -> int:
        state = self._base.copy()
        # No stem begins with such a sign.
        state.update(named.encode() if isinstance(named, str) else b"@" + named.to_bytes(16))
        token = int.from_bytes(state.digest(), "little", signed=True)
        if len(self) >= _WORDS_KEPT:
            self.clear()
        self[named] = token
        return token


known_tokens: Final = lru_cache(_KEYS_KEPT)(Tokens)


def tokens_asked(key: bytes, named: Iterable[Named]) -> list[int]:
    """The tokens of what is looked for, sorted. Nothing is kept, since a search goes through many
    months."""
    known = Tokens(key)
    return sorted({known[each] for each in named})


def forget_tokens() -> None:
    """Drop every token and key that is kept."""
    known_tokens.cache_clear()
