"""One line of the journal: canonical JSON that holds the digest of the line before it and the
school's signature. Pure but for the keyring.

It carries ids, numbers, times and closed words; no name, and nothing that anybody wrote.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit import keyring
from audit.canonical import canonical, plain
from audit.journal.errors import JournalChanged

_FORM: Final = 1
_ID_BYTES: Final = 16
#: The digest before the first line.
NOTHING: Final = bytes(32)


class Act(StrEnum):
    """What a line says has happened, or is about to."""

    HOLD_PLACED = "hold.placed"
    HOLD_RELEASED = "hold.released"
    MATTER_BEGUN = "matter.begun"
    MATTER_ENDED = "matter.ended"
    DISPOSAL_INTENDED = "disposal.intended"
    DISPOSAL_DONE = "disposal.done"
    DISPOSAL_WITHDRAWN = "disposal.withdrawn"
    DISPOSAL_UNCLEAR = "disposal.unclear"
    CERTIFICATE_ISSUED = "certificate.issued"
    PERSON_DEACTIVATED = "person.deactivated"
    PERSON_REACTIVATED = "person.reactivated"
    ROLE_ENDED = "role.ended"
    RESTORED = "restored"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a line says, before it has its place: `ends` is the id of the line of an intention that
    it brings to its end."""

    uid: UUID
    at: datetime
    act: Act
    subject: UUID | None
    ends: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def about(self) -> UUID:
        """The subject, where there has to be one; raises JournalChanged."""
        if self.subject is None:
            raise JournalChanged
        return self.subject


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line at its place, counted from 1."""

    number: int
    previous: bytes
    said: Said
    raw: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 of the whole line, which the next one holds."""
        return hashlib.sha256(self.raw).digest()


def written(said: Said, *, number: int, previous: bytes) -> Line:
    """The line as it is kept. The same is made each time: Ed25519 has no chance in it."""
    ring = keyring.ring()
    document = {
        "form": _FORM,
        "journal": ring.origin,
        "line": number,
        "previous": previous,
        "id": said.uid,
        "at": said.at,
        "act": said.act.value,
        "subject": said.subject,
        "ends": said.ends,
        "facts": plain(said.facts),
    }
    signature = ring.signing_key.sign(canonical(document))
    raw = canonical({**document, "signature": signature}) + b"\n"
    return Line(number=number, previous=previous, said=said, raw=raw)


def read(raw: bytes, *, number: int, previous: bytes | None = None) -> Line:
    """The line that stands at a place; `previous` is the digest of the one before it, if known.

    Raises JournalChanged for a line that this school did not write there.
    """
    try:
        document = json.loads(raw)
        signature = bytes.fromhex(document.pop("signature"))
        _check_signature(signature, canonical(document))
        line = _line(document, raw)
    except (ValueError, KeyError, TypeError, InvalidSignature) as error:
        raise JournalChanged from error
    is_ours = document["journal"] == str(keyring.ring().origin)
    if not is_ours or line.number != number or previous not in {None, line.previous}:
        raise JournalChanged
    return line


def packed(ids: Iterable[UUID]) -> str:
    """Ids, sorted, in 22 characters each instead of 39."""
    return packed_bytes(b"".join(sorted(one.bytes for one in ids)))


def packed_bytes(ids: bytes) -> str:
    """The same of ids that are sorted, one after the other."""
    return base64.b64encode(ids).decode()


def unpacked(text: object) -> list[UUID]:
    """The ids in what `packed` made; raises JournalChanged."""
    try:
        raw = base64.b64decode(str(text), validate=True)
        return [UUID(bytes=raw[at : at + _ID_BYTES]) for at in range(0, len(raw), _ID_BYTES)]
    except ValueError as error:
        raise JournalChanged from error


def _check_signature(signature: bytes, document: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(keyring.ring().public_key).verify(signature, document)


def _line(document: dict[str, Any], raw: bytes) -> Line:
    said = Said(
        uid=UUID(document["id"]),
        at=datetime.fromisoformat(document["at"]),
        act=Act(document["act"]),
        subject=_id(document["subject"]),
        ends=_id(document["ends"]),
        facts=document["facts"],
    )
    previous = bytes.fromhex(document["previous"])
    return Line(number=int(document["line"]), previous=previous, said=said, raw=raw)


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
