"""The frames of the websocket protocol (docs/reference/protocol.md), encoded. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil
from typing import Any, Final, TypeGuard
from uuid import UUID

import orjson
from django.utils.functional import Promise

from audit.said import Said

#: The protocol's version, in `welcome`.
PROTOCOL = 1
MOST_MESSAGES = 200

#: What a server of ours offers in the scope's extensions, for ready frames.
TRANSPORT: Final = "schoolchat.transport"

CLOSED_TRY_AGAIN = 1012
CLOSED_SIGNED_OUT = 4401
CLOSED_NOT_ALLOWED = 4403
CLOSED_TOO_SLOW = 4408


class BadFrame(Said):
    """This message could not be read. Please reload the page."""

    code = "bad_frame"


class UnknownType(BadFrame):
    """This page asks for something that the server does not know. Please reload it."""

    code = "unknown_type"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A frame from a client: its type, its `ref` if it has one, and its other fields."""

    type: str
    ref: str | None
    fields: Mapping[str, Any]

    def id(self, name: str) -> UUID:
        """A field that has to be an id."""
        value = self.fields.get(name)
        try:
            return UUID(value if isinstance(value, str) else "")
        except ValueError:
            raise BadFrame(f"The field '{name}' of this message is not an id.") from None

    def optional_id(self, name: str) -> UUID | None:
        """A field that is an id or is left out."""
        return None if self.fields.get(name) is None else self.id(name)

    def ids(self, name: str) -> list[UUID]:
        """A field that is a list of ids, or is left out."""
        given = self.fields.get(name) or []
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise BadFrame(f"The field '{name}' of this message is not a list of ids.")
        try:
            return [UUID(one) for one in given]
        except ValueError:
            raise BadFrame(f"The field '{name}' of this message is not a list of ids.") from None

    def text(self, name: str) -> str:
        """A field that has to be text."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise BadFrame(f"The field '{name}' of this message is not text.")
        return value

    def flag(self, name: str) -> bool:
        """A field that has to be true or false."""
        value = self.fields.get(name)
        if not isinstance(value, bool):
            raise BadFrame(f"The field '{name}' of this message is neither true nor false.")
        return value

    def wants(self, name: str) -> bool:
        """A field that has to be true or false, or is left out, which is false."""
        return self.fields.get(name) is not None and self.flag(name)

    def number(self, name: str, default: int | None = None) -> int:
        """A field that has to be a whole number from 0."""
        value = self.fields.get(name, default)
        if not _is_number(value):
            raise BadFrame(f"The field '{name}' of this message is not a number.")
        return value

    def day(self, name: str) -> date:
        """A field that has to be a day, as in 2026-11-03."""
        value = self.text(name)
        wrong = BadFrame(f"The field '{name}' of this message is not a day.")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise wrong from None
        if day.isoformat() != value:  # ISO 8601 knows other ways to write a day
            raise wrong
        return day

    def positions(self, name: str) -> dict[str, int]:
        """A field that has to be whole numbers from 0 by channel id, or is left out."""
        given = self.fields.get(name) or {}
        if not isinstance(given, dict) or not all(map(_is_number, given.values())):
            raise BadFrame(f"The field '{name}' of this message is not a list of positions.")
        return given


def _is_number(value: object) -> TypeGuard[int]:
    """A whole number that PostgreSQL's bigint can hold; JSON's true is none."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def parse(text: str | None) -> Asked:
    """A frame as it was sent; raises BadFrame when it is not an object with a `type`."""
    if text is None:  # a binary frame
        raise BadFrame
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadFrame from None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise BadFrame
    ref = frame.get("ref")
    return Asked(type=frame["type"], ref=ref if isinstance(ref, str) else None, fields=frame)


def encode(kind: str, **fields: Any) -> bytes:
    """A frame to a client, `type` first, as raw UTF-8; sentences in the language of the moment."""
    return orjson.dumps({"type": kind, **fields}, default=_said)


def _said(value: Any) -> str:
    if isinstance(value, Promise):
        return str(value)
    raise TypeError


def error(ref: str | None, code: str, detail: str, retry_after: float | None = None) -> bytes:
    """An error closes no socket; `detail` is a sentence a member of staff can act on."""
    fields: dict[str, Any] = {"ref": ref, "code": code, "detail": detail}
    if retry_after is not None:
        fields["retry_after"] = ceil(retry_after * 10) / 10  # never 0, which would be too early
    return encode("error", **fields)


def ready(payload: bytes) -> bytes:
    """A text frame as it goes over the wire from a server: whole and unmasked (RFC 6455, 5.2)."""
    length = len(payload)
    if length < 126:
        return b"\x81" + length.to_bytes(1) + payload
    if length < 1 << 16:
        return b"\x81\x7e" + length.to_bytes(2) + payload
    return b"\x81\x7f" + length.to_bytes(8) + payload


def closing(code: int) -> bytes:
    """A close frame with its code, likewise (RFC 6455, 5.5.1)."""
    return b"\x88\x02" + code.to_bytes(2)


class Parcel:
    """Frames that go to many sockets together: each is encoded once, and so is all of it."""

    def __init__(self, *payloads: bytes) -> None:
        self.payloads = payloads
        self.size = sum(map(len, payloads))

    @cached_property
    def ready(self) -> bytes:
        """The bytes for a transport."""
        return b"".join(map(ready, self.payloads))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The frames for an ASGI server's `send`."""
        return tuple(payload.decode() for payload in self.payloads)
