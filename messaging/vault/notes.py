"""Corrections of messages, sealed and opened: as a body is, each bound to its place.

The salt of the commitment stands inside the sealed plaintext, and goes with it.
"""

import base64
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.canonical import commitment
from audit.clock import iso
from audit.keyring import KeyringError, UnknownGeneration
from messaging.corrections import Correction
from messaging.vault.bodies import SALT_BYTES, BodyAltered
from messaging.vault.keys import cipher_of, opened

_NONCE_BYTES = 12
_log = structlog.get_logger("schoolchat.vault")


@dataclass(frozen=True, kw_only=True)
class Spot:
    """What a correction is bound to: taken together, the additional data."""

    message: UUID
    channel: UUID
    number: int
    written_by: UUID
    written_at: datetime
    reason: str

    def context(self) -> bytes:
        """The additional data, one field a line."""
        return "\n".join(
            [
                "schoolchat correction 1",
                str(self.message),
                str(self.channel),
                str(self.number),
                str(self.written_by),
                iso(self.written_at),
                self.reason,
            ]
        ).encode()


@dataclass(frozen=True, kw_only=True)
class Note:
    """The words of a correction, which are no Markdown; `reference` names the request or case."""

    text: str
    reference: str = ""
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(SALT_BYTES))


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A correction as people see it."""

    number: int
    author: UUID
    author_name: str
    written_at: datetime
    reason: str
    note: Note


def seal_note(cipher: AESGCM, spot: Spot, note: Note) -> bytes:
    """Nonce and ciphertext of a correction bound to its spot."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    document = {"salt": note.salt.hex(), "text": note.text, "reference": note.reference}
    return nonce + cipher.encrypt(nonce, orjson.dumps(document), spot.context())


def unseal_note(cipher: AESGCM, spot: Spot, sealed: bytes) -> Note:
    """Its words; raises BodyAltered when key, spot or ciphertext do not fit together."""
    try:
        plain = cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], spot.context())
    except (InvalidTag, ValueError):
        raise BodyAltered(f"A correction of message {spot.message} was altered.") from None
    document = orjson.loads(plain)
    return Note(
        text=document["text"],
        reference=document["reference"],
        salt=bytes.fromhex(document["salt"]),
    )


def commitment_of_note(spot: Spot, note: Note) -> str:
    """The salted commitment of a correction, in hex, as it stands in the log."""
    return commitment(
        note.salt,
        {
            "message": spot.message,
            "channel": spot.channel,
            "correction": spot.number,
            "author": spot.written_by,
            "written_at": spot.written_at,
            "reason": spot.reason,
            "body": note.text,
            "reference": note.reference,
        },
    )


def spot_of(correction: Correction) -> Spot:
    """What it is bound to; its `message` is selected."""
    return Spot(
        message=correction.message_id,
        channel=correction.message.channel_id,
        number=correction.number,
        written_by=correction.written_by_id,
        written_at=correction.written_at,
        reason=correction.reason,
    )


def open_correction(correction: Correction) -> Note:
    """Its words, with its `message` and `key` selected."""
    return unseal_note(cipher_of(correction.key), spot_of(correction), bytes(correction.sealed))


def reference_of(correction: Correction) -> str:
    """The request or case that it names. One that does not open names none: it must not take the
    page that lists it with it. It is logged, and verify_audit names it."""
    try:
        return open_correction(correction).reference
    except UnknownGeneration:
        raise  # the keyring moved on while we read
    except (BodyAltered, KeyringError) as error:
        _log_unopened(correction.message_id, error)
        return ""


def corrections_of(messages: Iterable[UUID]) -> dict[UUID, list[Shown]]:
    """The corrections of each of these messages, deleted ones included, in one query; for what
    leaves the record. Raises BodyAltered where one does not open."""
    found: dict[UUID, list[Shown]] = {}
    for one in _rows_of(messages):
        found.setdefault(one.message_id, []).append(_shown(one))
    return found


def corrections_that_open(
    messages: Iterable[UUID],
) -> tuple[dict[UUID, list[Shown]], set[UUID]]:
    """As `corrections_of`, less those that do not open, and the messages that these belong to: one
    altered row must not take a search with it. Each is logged; verify_audit names it too."""
    found: dict[UUID, list[Shown]] = {}
    closed = set()
    for one in _rows_of(messages):
        try:
            found.setdefault(one.message_id, []).append(_shown(one))
        except (BodyAltered, KeyringError) as error:
            _log_unopened(one.message_id, error)
            closed.add(one.message_id)
    return found, closed


def _rows_of(messages: Iterable[UUID]) -> Iterable[Correction]:
    rows = Correction.objects.filter(message__in=list(messages))
    return rows.select_related("message", "key", "written_by").order_by("message", "number")


def _shown(one: Correction) -> Shown:
    return Shown(
        number=one.number,
        author=one.written_by_id,
        author_name=one.written_by.display_name,
        written_at=one.written_at,
        reason=one.reason,
        note=open_correction(one),
    )


def readable_corrections(
    message: UUID, channel: UUID, rows: Iterable[Mapping[str, Any]]
) -> list[Shown]:
    """Those that open, of the rows that stand around a message (`messaging.vault.rows`). One that
    does not is logged and left out; verify_audit names it."""
    found = []
    for row in rows:
        spot = Spot(
            message=message,
            channel=channel,
            number=row["number"],
            written_by=UUID(row["author"]),
            written_at=datetime.fromisoformat(row["at"]),
            reason=row["reason"],
        )
        try:
            key = opened(row["key"], row["generation"], base64.b64decode(row["wrapped"]))
            note = unseal_note(key, spot, base64.b64decode(row["sealed"]))
        except UnknownGeneration:
            raise  # the keyring moved on while we read: the caller reads again
        except (BodyAltered, KeyringError) as error:
            _log_unopened(message, error)
            continue
        found.append(
            Shown(
                number=spot.number,
                author=spot.written_by,
                author_name=row["name"],
                written_at=spot.written_at,
                reason=spot.reason,
                note=note,
            )
        )
    return found


def _log_unopened(message: UUID, error: Exception) -> None:
    _log.critical("correction does not open", message=str(message), error=type(error).__name__)
