"""The values an export is made of, and the one JSON form of a message in it. Pure."""

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from audit.clock import iso
from retention.exports.attached import Attached

type Json = bool | int | str | Sequence["Json"] | Mapping[str, "Json"] | None

# Some readers take these for line ends, so that one line of JSON would become two.
_LINE_ENDS = str.maketrans({"\u2028": "\\u2028", "\u2029": "\\u2029", "\x85": "\\u0085"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A channel or a person by id, with the name it had when the export was made."""

    id: UUID
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedName:
    """An author as a file printed it: a name, and no account."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One earlier wording of a message; `number` counts from 1."""

    number: int
    written_at: datetime
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Operator:
    """Who ran a command: an account on the machine, which is no person of the school's."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where an imported message came from: the file's SHA-256 (hex), by whom, and when."""

    sha256: str
    imported_by: Named | Operator
    imported_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Reaction:
    """An emoji and who gave it, in the order in which they did."""

    emoji: str
    people: tuple[Named, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pinned:
    """By whom a message is pinned in its channel, and since when."""

    by: Named
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Mentioned:
    """Whom the newest wording mentions: people under the names that were written, and by which word
    (`here`, `everyone`) all of the channel."""

    people: tuple[Named, ...] = ()
    everybody: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Forwarded:
    """Whose words a forwarded message holds, of when, and from where if all may know it.

    `corrections` are those that the original had by then, as the protocol has them.
    """

    author: str
    sent_at: str
    channel: str | None
    corrections: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """A note that was appended to a message: by whom, when, why (`own`, `request`, `found`), for
    which request or case if one was named, and its commitment in the log, in hex."""

    number: int
    by: Named
    at: datetime
    reason: str
    reference: str
    body: str
    commitment: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One message with all that the record keeps of it.

    `body` is the newest wording, also of a deleted message; `html` is it rendered and already
    sanitised; `versions` are the wordings before it; `commitment` is the hex in the log.
    """

    id: UUID
    channel: Named
    seq: int
    author: Named | ImportedName | None
    sent_at: datetime
    kind: str
    body: str
    commitment: str
    html: str | None = None
    reply_to: UUID | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    versions: tuple[Version, ...] = ()
    origin: Origin | None = None
    reactions: tuple[Reaction, ...] = ()
    pinned: Pinned | None = None
    mentioned: Mentioned = Mentioned()
    forwarded: Forwarded | None = None
    attached: tuple[Attached, ...] = ()
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What an export is, for whom and by whose authority.

    `number` names the bundle's folder (letters, digits, `.`, `_`, `-`). `written_at` is the one
    value that two exports of the same scope differ in; it stands outside the payload. `excluded`
    counts what was left out, by reason.
    """

    number: str
    school: str
    purpose: str
    recipient: str
    requested_by: Named
    approved_by: Named
    first_day: date
    last_day: date
    channels: tuple[Named, ...]
    written_at: datetime
    software: str = "SchoolChat"
    time_zone: str = "Europe/London"
    excluded: Mapping[str, int] = field(default_factory=dict)


def item_json(item: Item, there: Container[UUID] = ()) -> dict[str, Json]:
    """The JSON form of a message, one line of items.jsonl; `there` are the files of the bundle."""
    shape: dict[str, Json] = {
        "id": str(item.id),
        "channel": named_json(item.channel),
        "seq": item.seq,
        "author": _author_json(item.author),
        "sent_at": iso(item.sent_at),
        "kind": item.kind,
        "reply_to": str(item.reply_to) if item.reply_to else None,
        "body": item.body,
    }
    if item.html is not None:
        shape["html"] = item.html
    return shape | {
        "edited_at": iso(item.edited_at) if item.edited_at else None,
        "deleted_at": iso(item.deleted_at) if item.deleted_at else None,
        "versions": [_version_json(version) for version in item.versions],
        "import": _origin_json(item.origin) if item.origin else None,
        "reactions": [_reaction_json(reaction) for reaction in item.reactions],
        "pinned": _pinned_json(item.pinned) if item.pinned else None,
        "mentions": [named_json(person) for person in item.mentioned.people],
        "mentions_all": item.mentioned.everybody,
        "forwarded": _forwarded_json(item.forwarded) if item.forwarded else None,
        "attachments": [_attached_json(one, one.id in there) for one in item.attached],
        "corrections": [_correction_json(one) for one in item.corrections],
        "commitment": item.commitment,
    }


def json_line(value: Json) -> str:
    """Compact JSON on one line, as far as any reader is concerned."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_LINE_ENDS) + "\n"


def named_json(value: Named) -> Json:
    """A channel or a person as JSON."""
    return {"id": str(value.id), "name": value.name}


def author_name(author: Named | ImportedName | None) -> str:
    """The name shown; a system message has no author."""
    return author.name if author else ""


def _author_json(author: Named | ImportedName | None) -> Json:
    match author:
        case Named():
            return named_json(author)
        case ImportedName(name=name):
            return {"imported": name}
        case None:
            return None


def _version_json(version: Version) -> Json:
    written_at = iso(version.written_at)
    return {"number": version.number, "written_at": written_at, "body": version.body}


def _origin_json(origin: Origin) -> Json:
    return {
        "sha256": origin.sha256,
        "imported_by": _importer_json(origin.imported_by),
        "imported_at": iso(origin.imported_at),
    }


def _importer_json(importer: Named | Operator) -> Json:
    return named_json(importer) if isinstance(importer, Named) else {"operator": importer.name}


def _reaction_json(reaction: Reaction) -> Json:
    people = [named_json(person) for person in reaction.people]
    return {"emoji": reaction.emoji, "people": people}


def _attached_json(attached: Attached, there: bool) -> Json:
    """Without a path where the file could not be read: the record says what it was."""
    return {
        "id": str(attached.id),
        "name": attached.name,
        "type": attached.type,
        "size": attached.size,
        "sha256": attached.sha256,
        "path": attached.path if there else None,
    }


def _correction_json(correction: Correction) -> Json:
    return {
        "number": correction.number,
        "by": named_json(correction.by),
        "at": iso(correction.at),
        "reason": correction.reason,
        "reference": correction.reference or None,
        "body": correction.body,
        "commitment": correction.commitment,
    }


def _forwarded_json(forwarded: Forwarded) -> Json:
    shape: dict[str, Json] = {
        "author": forwarded.author,
        "sent_at": forwarded.sent_at,
        "channel": forwarded.channel,
    }
    if forwarded.corrections:
        shape["corrections"] = [dict(one) for one in forwarded.corrections]
    return shape


def _pinned_json(pinned: Pinned) -> Json:
    return {"by": named_json(pinned.by), "at": iso(pinned.at)}
