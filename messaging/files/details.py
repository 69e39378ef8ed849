"""What is known of an upload, sealed: under a key of its own, and that under its uploader's.

A personal key lives as long as its account, so that what it once sealed could be opened out of an
old backup for years. The key of the upload is wrapped under a generation of the keyring, and so
forgotten with every move of it, as all keys of content are (docs/decisions/0022).
"""

import secrets
from dataclasses import dataclass, field
from typing import Any, Final, Self
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.personal_keys import open_own, seal_own
from audit import keyring
from audit.sealed import cipher_under, new_key
from messaging.files.attached import Attachment
from messaging.files.models import Upload
from messaging.files.sealing import FileAltered

_NONCE_BYTES: Final = 12
_KIND: Final = "upload"


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """What is known of an upload.

    Attributes:
        name: as its uploader's device calls it; it is cleaned when its kind is known.
        key: of its pieces.
        waveform: of a voice note, and its `duration` in seconds, as its uploader says.
        found: the file that it became.
    """

    name: str
    key: bytes = field(repr=False, default_factory=lambda: secrets.token_bytes(keyring.KEY_BYTES))
    waveform: tuple[int, ...] | None = None
    duration: float | None = None
    found: Attachment | None = None

    def kept(self) -> dict[str, Any]:
        """As it is sealed."""
        return {
            "name": self.name,
            "key": self.key.hex(),
            "waveform": self.waveform,
            "duration": self.duration,
            "found": self.found and self.found.kept(),
        }

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """From what `kept` made."""
        return cls(
            name=kept["name"],
            key=bytes.fromhex(kept["key"]),
            waveform=kept["waveform"] and tuple(kept["waveform"]),
            duration=kept["duration"],
            found=kept["found"] and Attachment.of(kept["found"]),
        )


def give_key(upload: Upload) -> None:
    """A key of its own for an upload that is not saved yet, under the newest generation."""
    key = new_key()
    upload.generation, upload.wrapped = key.generation, key.wrapped


def seal_details(upload: Upload, details: Details) -> None:
    """Seal what is known of the upload into it."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    inner = _cipher(upload).encrypt(nonce, orjson.dumps(details.kept()), upload.id.bytes)
    upload.sealed, upload.own_key = seal_own(
        upload.uploader_id, _KIND, nonce + inner, _about(upload.id)
    )


def details_of(upload: Upload) -> Details:
    """What is known of an upload, whose `own_key` is selected; FileAltered when its uploader's
    account was closed."""
    if upload.own_key is None:
        raise FileAltered
    inner = open_own(upload.own_key, _KIND, bytes(upload.sealed), _about(upload.id))
    try:
        plain = _cipher(upload).decrypt(inner[:_NONCE_BYTES], inner[_NONCE_BYTES:], upload.id.bytes)
    except (InvalidTag, ValueError):
        raise FileAltered from None
    return Details.of(orjson.loads(plain))


def _cipher(upload: Upload) -> AESGCM:
    return cipher_under(upload.generation_id, bytes(upload.wrapped))


def _about(upload: UUID) -> str:
    return str(upload)
