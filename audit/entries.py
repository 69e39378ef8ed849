"""What an entry is as bytes: the canonical JSON whose leaf hash stands in the tree. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from audit.canonical import canonical, canonical_plain
from audit.tree.hashes import leaf_hash


class Recorded(Protocol):
    """What an entry says, as a row of the log has it."""

    @property
    def uid(self) -> UUID:
        """The entry's own id."""

    @property
    def at(self) -> datetime:
        """When it was written."""

    @property
    def action(self) -> str:
        """A word of `audit.actions.Action`."""

    @property
    def actor(self) -> UUID | None:
        """Who acted; None is the machine or its operator."""

    @property
    def subject(self) -> UUID | None:
        """What it was done to."""

    @property
    def facts(self) -> Mapping[str, object]:
        """What the act carries besides."""


def document_of(entry: Recorded) -> dict[str, object]:
    """What is hashed of an entry, before it is made canonical."""
    return {
        "id": entry.uid,
        "at": entry.at,
        "action": entry.action,
        "actor": entry.actor,
        "subject": entry.subject,
        "facts": entry.facts,
    }


def leaf_of(entry: Recorded) -> bytes:
    """The RFC 6962 leaf hash of the entry's RFC 8785 JSON."""
    return leaf_hash(canonical(document_of(entry)))


def leaf_of_plain(document: Mapping[str, object]) -> bytes:
    """The same of a document whose facts are plain JSON already (`audit.canonical.plain`)."""
    return leaf_hash(canonical_plain(document))


@dataclass(frozen=True, kw_only=True)
class ItemOfAct:
    """One thing that a bulk act touched: `commitment` is 32 bytes."""

    subject: UUID
    version: int
    commitment: bytes


def item_leaf(item: ItemOfAct) -> bytes:
    """The leaf of one item under its act's root."""
    return leaf_hash(item.subject.bytes + item.version.to_bytes(4) + item.commitment)
