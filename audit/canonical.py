"""Canonical JSON (RFC 8785) and the hashes made of it. Pure."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import rfc8785

from audit.clock import iso

type Json = bool | int | str | list["Json"] | tuple["Json", ...] | Mapping[str, "Json"] | None
type Fact = Json | UUID | datetime | bytes | list[UUID]


def plain(value: object) -> Json:
    """`value` as JSON that has one canonical form: ids and hashes as text, times as ISO 8601."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case UUID():
            return str(value)
        case datetime():
            return iso(value)
        case bytes():
            return value.hex()
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form in the log")


def canonical(value: object) -> bytes:
    """The RFC 8785 bytes of `value`."""
    return rfc8785.dumps(plain(value))


def commitment(salt: bytes, value: object) -> str:
    """A salted commitment in hex: HMAC-SHA-256 of the canonical JSON under a 32-byte salt.

    Without the salt, which is destroyed with the content, no guess can be confirmed.
    """
    return hmac.digest(salt, canonical(value), hashlib.sha256).hex()
