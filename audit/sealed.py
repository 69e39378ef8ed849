"""Sealed records: what an act has of names and text, under a key of its class and month.

The entry of the act holds the record's id and commitment (`facts_of`); the text is destroyed
with its key when its own term ends, and the log stays whole.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from uuid_utils.compat import uuid7

from audit import canonical, keyring
from audit.clock import month_of, now
from audit.models import Generation, RecordKey, SealedRecord

_NONCE_BYTES = 12
_SALT_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A record just sealed: its id and the commitment that the act's entry holds."""

    id: UUID
    commitment: str

    def facts(self) -> dict[str, str | UUID]:
        """The two facts of the entry."""
        return {"record": self.id, "commitment": self.commitment}


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """A key that no row has yet: the generation that it is wrapped under, and how it is kept."""

    generation: Generation
    wrapped: bytes


class RecordGone(Exception):
    """This record was disposed of when its term ended."""


def seal_record(record_class: str, values: Mapping[str, object]) -> Sealed:
    """Seal `values` under the key of the class and this month; returns id and commitment."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A record is sealed with its act.")
    at, salt = now(), secrets.token_bytes(_SALT_BYTES)
    key = _key(record_class, month_of(at))
    record = SealedRecord(id=uuid7(), record_class=record_class, key=key, at=at)
    plain = orjson.dumps({"salt": salt.hex(), "values": canonical.plain(values)})
    record.sealed = _encrypt(_material(key), plain, _context(record))
    record.save(force_insert=True)
    return Sealed(id=record.id, commitment=canonical.commitment(salt, values))


def open_record(record_id: UUID) -> dict[str, Any]:
    """The values of a record; raises RecordGone when its term has ended."""
    values, _salt = open_with_salt(record_id)
    return values


def open_with_salt(record_id: UUID) -> tuple[dict[str, Any], bytes]:
    """The values of a record and the salt of its commitment."""
    record = SealedRecord.objects.select_related("key").filter(id=record_id).first()
    if record is None:
        raise RecordGone
    sealed = bytes(record.sealed)
    plain = AESGCM(_material(record.key)).decrypt(
        sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _context(record)
    )
    document = orjson.loads(plain)
    return document["values"], bytes.fromhex(document["salt"])


def _lock_current_generation() -> int:
    """The newest generation's number, its row locked so that no move of the keyring passes by."""
    with connection.cursor() as cursor:
        # Who waited for a move finds the row gone, and the next one only in a new statement.
        for _ in range(2):
            cursor.execute(
                "SELECT number FROM audit_generation ORDER BY number DESC LIMIT 1 FOR KEY SHARE"
            )
            if row := cursor.fetchone():
                return int(row[0])
    raise keyring.UnknownGeneration


def new_key() -> NewKey:
    """A key of its own for something that is to be sealed, under the newest generation, whose row
    it locks: it is to be saved in the same transaction."""
    number = _lock_current_generation()
    wrapped = keyring.ring(knows=number).wrap(secrets.token_bytes(keyring.KEY_BYTES), number)
    return NewKey(generation=Generation(number=number), wrapped=wrapped)


def cipher_under(generation: int, wrapped: bytes) -> AESGCM:
    """The cipher of a key that is kept wrapped under a generation."""
    return AESGCM(keyring.ring(knows=generation).unwrap(wrapped, generation))


def _key(record_class: str, month: date) -> RecordKey:
    found = RecordKey.objects.filter(record_class=record_class, month=month).first()
    if found:
        return found
    key = RecordKey(record_class=record_class, month=month, **vars(new_key()))
    RecordKey.objects.bulk_create([key], ignore_conflicts=True)
    return RecordKey.objects.get(record_class=record_class, month=month)


def _material(key: RecordKey) -> bytes:
    number = key.generation_id
    return keyring.ring(knows=number).unwrap(bytes(key.wrapped), number)


def _encrypt(key: bytes, plain: bytes, context: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def _context(record: SealedRecord) -> bytes:
    return f"record {record.id} {record.record_class}".encode()
