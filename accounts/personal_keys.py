"""Personal keys: one for each person, under which stands what is theirs alone and no record.

Drafts, texts that wait to be sent and files not yet sent are sealed under it. It is made on first
use, wrapped under the keyring's generation as every key is, moved on with it, and deleted when the
account is closed. A table of things sealed under it refers to it with `on_delete=DB_CASCADE`, so
that the database itself takes them away with the key, whoever deletes it.
"""

import secrets
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from accounts.errors import PersonNotFound
from accounts.models import PersonalKey, User
from audit.sealed import cipher_under, new_key

_NONCE_BYTES: Final = 12


class OwnAltered(Exception):
    """What a person kept for themselves was altered, or put in another's place."""


def key_of(person_id: UUID) -> PersonalKey:
    """The person's key, made when it is the first; raises PersonNotFound for a closed account."""
    return PersonalKey.objects.filter(person_id=person_id).first() or _make(person_id)


def seal_own(person_id: UUID, kind: str, data: bytes, about: str) -> tuple[bytes, PersonalKey]:
    """Nonce and ciphertext of `data`, and the key that the row has to refer to.

    Bound to the person, to `kind` (`draft`, `upload` …) and to `about`, which names the one thing
    of that kind: an id, or several separated by spaces.
    """
    key = key_of(person_id)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + cipher_of(key).encrypt(nonce, data, _context(key, kind, about)), key


def open_own(key: PersonalKey, kind: str, sealed: bytes, about: str) -> bytes:
    """What `seal_own` sealed under this key; raises OwnAltered when something does not fit."""
    nonce, rest = bytes(sealed[:_NONCE_BYTES]), bytes(sealed[_NONCE_BYTES:])
    try:
        return cipher_of(key).decrypt(nonce, rest, _context(key, kind, about))
    except (InvalidTag, ValueError):  # ValueError: it is shorter than any that was sealed
        raise OwnAltered from None


def cipher_of(key: PersonalKey) -> AESGCM:
    """The opened key."""
    return cipher_under(key.generation_id, bytes(key.wrapped))


def drop_key(person_id: UUID) -> None:
    """Destroy a person's key, and by it all that they kept for themselves.

    Call it last in the transaction that closes the account: a move of the keyring, which holds the
    generation's row, waits for the key's, so nothing may be asked of the generation after it.
    """
    PersonalKey.objects.filter(person_id=person_id).delete()


@transaction.atomic
def _make(person_id: UUID) -> PersonalKey:
    """A key under the newest generation. The person's row is held first, so that none is made
    behind the back of somebody who is closing the account."""
    open_accounts = User.objects.select_for_update(no_key=True).filter(pk=person_id, is_active=True)
    if open_accounts.first() is None:
        raise PersonNotFound
    fresh = PersonalKey(person_id=person_id, **vars(new_key()))
    PersonalKey.objects.bulk_create([fresh], ignore_conflicts=True)
    return PersonalKey.objects.get(person_id=person_id)


def _context(key: PersonalKey, kind: str, about: str) -> bytes:
    return f"schoolchat own 1\n{key.person_id}\n{kind}\n{about}".encode()
