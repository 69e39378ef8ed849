"""The passphrase of an export, under a key of its own that ends with it.

A bundle that lies somewhere would else open for as long as the record of its export is kept, also
when what is in it was disposed of.
"""

import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from audit.sealed import RecordGone, cipher_under, new_key, open_record
from retention.models import Export

_NONCE_BYTES: Final = 12


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a row has of a passphrase."""

    generation_id: int
    wrapped: bytes
    sealed: bytes


def seal_passphrase(export: UUID, passphrase: str) -> Opening:
    """Seal it under a fresh key, for the export of this uid, which is saved in this transaction."""
    key, nonce = new_key(), secrets.token_bytes(_NONCE_BYTES)
    number = key.generation.number
    sealed = nonce + cipher_under(number, key.wrapped).encrypt(
        nonce, passphrase.encode(), export.bytes
    )
    return Opening(generation_id=number, wrapped=key.wrapped, sealed=sealed)


def passphrase_of(export: Export) -> str:
    """The passphrase; raises RecordGone where the export has ended."""
    if export.ended_at is not None:
        raise RecordGone
    if export.generation_id is None or export.wrapped is None or export.sealed is None:
        if export.passphrase is None:
            raise RecordGone
        return str(open_record(export.passphrase)["passphrase"])  # of before November 2026
    sealed = bytes(export.sealed)
    cipher = cipher_under(export.generation_id, bytes(export.wrapped))
    return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], export.uid.bytes).decode()
