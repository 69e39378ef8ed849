"""Canonical JSON (RFC 8785) and the hashes made of it. Pure.

Nearly all that is hashed is small and made of few types, and is written by orjson, whose sorted
JSON is the same bytes; whatever is not plainly so is written by the library of the standard. A
test compares the two over every kind of value.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
import rfc8785

from audit.clock import iso

type Json = bool | int | str | list["Json"] | tuple["Json", ...] | Mapping[str, "Json"] | None
type Fact = Json | UUID | datetime | bytes | list[UUID]


_AS_IT_IS: Final = frozenset({str, int, bool, type(None)})
_AS_TEXT: Final[Mapping[type, Callable[[Any], str]]] = {
    UUID: str,
    datetime: iso,
    bytes: bytes.hex,
}
_QUICK: Final = _AS_IT_IS | _AS_TEXT.keys()
# Integers beyond 2**53 are left to the slow way, which refuses them.
_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER | orjson.OPT_PASSTHROUGH_DATETIME


def plain(value: object) -> Json:
    """`value` as JSON that has one canonical form: ids and hashes as text, times as ISO 8601."""
    if type(value) in _AS_IT_IS:
        return value  # type: ignore[return-value]  # one of the four
    if as_text := _AS_TEXT.get(type(value)):
        return as_text(value)
    return _plain(value)


def _plain(value: object) -> Json:
    match value:
        case None | bool() | int():
            return value
        case str() | UUID():
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
    if _may_be_quick(value):
        try:
            return orjson.dumps(value, default=plain, option=_OPTIONS)
        except orjson.JSONEncodeError:
            pass  # half a surrogate pair, a large integer, or deep: let the slow way say so
    return rfc8785.dumps(plain(value))


def canonical_plain(value: Mapping[str, object]) -> bytes:
    """The same, sooner: of what `plain` made, or ids and times, under ASCII keys."""
    try:
        return orjson.dumps(value, default=plain, option=_OPTIONS)
    except orjson.JSONEncodeError:
        return canonical(value)


def _may_be_quick(value: Any) -> bool:
    """Whether all of it is of types that both ways write alike, under ASCII keys.

    RFC 8785 sorts keys by their UTF-16, orjson by their UTF-8. Subclasses are left to the slow
    way, since orjson writes an enum's value, and floats, which the log refuses.
    """
    kind = type(value)
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                return False
            if type(item) not in _QUICK and not _may_be_quick(item):
                return False
        return True
    if kind is list or kind is tuple:
        return all(map(_may_be_quick, value))
    return kind in _QUICK


def commitment(salt: bytes, value: object) -> str:
    """A salted commitment in hex: HMAC-SHA-256 of the canonical JSON under a 32-byte salt.

    Without the salt, which is destroyed with the content, no guess can be confirmed.
    """
    return hmac.digest(salt, canonical(value), hashlib.sha256).hex()
