"""Words that are somebody's own, sealed: under a key of their own, and that under the person's.

A personal key lives as long as its account, so that a draft which it once sealed could be opened
out of an old backup for years, also when the message that it became was disposed of long ago. The
key of a draft is wrapped under a generation of the keyring, and forgotten with every move of it, as
that of a file not yet sent is (docs/decisions/0022).
"""

import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag

from accounts.models import PersonalKey
from accounts.personal_keys import OwnAltered, open_own, seal_own
from audit.sealed import cipher_under, new_key
from messaging.own import KeptDraft, WaitingText

_NONCE_BYTES: Final = 12


@dataclass(frozen=True, kw_only=True)
class SealedWords:
    """What such a row has of them."""

    key: PersonalKey
    generation_id: int
    wrapped: bytes
    sealed: bytes


def seal_words(person_id: UUID, kind: str, data: bytes, about: str) -> SealedWords:
    """Seal under a fresh key, which is to be saved in the same transaction."""
    fresh = new_key()
    number = fresh.generation.number
    nonce = secrets.token_bytes(_NONCE_BYTES)
    inner = cipher_under(number, fresh.wrapped).encrypt(nonce, data, about.encode())
    sealed, key = seal_own(person_id, kind, nonce + inner, about)
    return SealedWords(key=key, generation_id=number, wrapped=fresh.wrapped, sealed=sealed)


def open_words(row: KeptDraft | WaitingText, kind: str, about: str) -> bytes:
    """The words of a row, its personal key read with it; raises OwnAltered. Rows of before
    November 2026 have no key of their own."""
    inner = open_own(row.key, kind, bytes(row.sealed), about)
    if row.generation_id is None or row.wrapped is None:
        return inner
    cipher = cipher_under(row.generation_id, bytes(row.wrapped))
    try:
        return cipher.decrypt(inner[:_NONCE_BYTES], inner[_NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError):
        raise OwnAltered from None
