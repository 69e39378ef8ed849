"""Sealing one body: AES-256-GCM, with everything in the additional data that must not be swapped.

Pure. The salt of the message's commitment stands inside the sealed plaintext, never in a column,
so that it goes when the body goes.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.canonical import commitment
from audit.clock import iso
from messaging.files.attached import attachments_in

SALT_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class BodyAltered(Exception):
    """A sealed body does not belong to its message, or was altered."""


@dataclass(frozen=True, kw_only=True)
class EncryptionContext:
    """What a body is bound to, the associated data of its encryption: no other message or version
    can be put in its place."""

    message: UUID
    channel: UUID
    author: UUID | None
    sent_at: datetime
    kind: str
    version: int

    def context(self) -> bytes:
        """The additional data, one field a line."""
        return "\n".join(
            [
                "schoolchat body 1",
                str(self.message),
                str(self.channel),
                str(self.author or ""),
                iso(self.sent_at),
                self.kind,
                str(self.version),
            ]
        ).encode()


@dataclass(frozen=True, kw_only=True)
class Body:
    """The words of one version.

    Attributes:
        text: Markdown source, or the text of an imported line.
        author_name: the printed name of an imported author; never an account.
        details: what a message has besides: `event`, `attachment` … of an import or of what the
            product says, whom its words mention (`messaging.mentions`), of a forwarded message its
            origin, `forwarded`, and the files that it brings, with their keys
            (`messaging.files.attached`).
        salt: 32 random bytes, the salt of the commitment.
    """

    text: str
    author_name: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(SALT_BYTES))


def seal(cipher: AESGCM, place: EncryptionContext, body: Body) -> bytes:
    """Nonce and ciphertext of a body bound to its place."""
    document: dict[str, object] = {"salt": body.salt.hex(), "text": body.text}
    if body.author_name is not None:
        document["author_name"] = body.author_name
    if body.details:
        document["details"] = body.details
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, orjson.dumps(document), place.context())


def unseal(cipher: AESGCM, place: EncryptionContext, sealed: bytes) -> Body:
    """The body; raises BodyAltered when key, place or ciphertext do not fit together."""
    try:
        plain = cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.context())
    except (InvalidTag, ValueError):  # ValueError: it is shorter than any that was sealed
        raise BodyAltered(f"The body of message {place.message} was altered.") from None
    document = orjson.loads(plain)
    return Body(
        text=document["text"],
        author_name=document.get("author_name"),
        details=document.get("details", {}),
        salt=bytes.fromhex(document["salt"]),
    )


def document_of(place: EncryptionContext, body: Body, reply_to: UUID | None) -> dict[str, object]:
    """What is committed to of one version, before it is made canonical.

    Of a forwarded message its origin is, too: that the words are somebody else's can be proved. Of
    each file its name, size and digest are, so that no other bytes can be put in its place.
    """
    author = place.author if body.author_name is None else {"imported": body.author_name}
    document: dict[str, object] = {
        "id": place.message,
        "channel": place.channel,
        "author": author,
        "sent_at": place.sent_at,
        "kind": place.kind,
        "reply_to": reply_to,
        "version": place.version,
        "body": body.text,
        "attachments": [one.committed() for one in attachments_in(body.details)],
    }
    if "forwarded" in body.details:
        document["forwarded"] = body.details["forwarded"]
    return document


def commitment_of(place: EncryptionContext, body: Body, reply_to: UUID | None) -> str:
    """The salted commitment of one version, in hex, as it stands in the log."""
    return commitment(body.salt, document_of(place, body, reply_to))
