"""Tokens: 32 bits of a keyed hash of a stem, and the keys that an index key is split into. Pure.

One index key serves two ends, each by a key derived from it: tokens and the vocabulary.
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
_FOR_WORDS: Final = b"schoolchat voc 1"
# About a hundred bytes a word, and only the months that are written to fill up.
_KEYS_KEPT: Final = 16
_WORDS_KEPT: Final = 32_768


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The two keys derived from an index key, 32 bytes each."""

    tokens: bytes
    words: bytes


def derive(index_key: bytes) -> Keys:
    """The keys of an index key."""
    return Keys(
        tokens=blake2b(key=index_key, digest_size=KEY_BYTES, person=_FOR_TOKENS).digest(),
        words=blake2b(key=index_key, digest_size=KEY_BYTES, person=_FOR_WORDS).digest(),
    )


class _Tokens(dict[str, int]):
    """The signed 32-bit tokens under one key, by stem: most words come again."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._base = blake2b(key=key, digest_size=_TOKEN_BYTES)

    def __missing__(self, stem: str) -> int:
        state = self._base.copy()
        state.update(stem.encode())
        token = int.from_bytes(state.digest(), "little", signed=True)
        if len(self) >= _WORDS_KEPT:
            self.clear()
        self[stem] = token
        return token


_under: Final = lru_cache(_KEYS_KEPT)(_Tokens)


def tokens(key: bytes, stems: Iterable[str]) -> list[int]:
    """The signed 32-bit tokens of stems under a token key, sorted, so that their order in a row
    says nothing about the order of the words."""
    known = _under(key)
    return sorted({known[stem] for stem in stems})


def forget_tokens() -> None:
    """Drop every token and key that is kept."""
    _under.cache_clear()
