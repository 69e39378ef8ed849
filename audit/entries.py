"""What an entry is as bytes: the canonical JSON whose leaf hash stands in the tree. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit.canonical import canonical
from audit.tree import leaf_hash


@dataclass(frozen=True, kw_only=True)
class Line:
    """The content of an entry, as it is hashed."""

    uid: UUID
    at: datetime
    action: str
    actor: UUID | None
    subject: UUID | None
    facts: Mapping[str, object]


def leaf_of(line: Line) -> bytes:
    """The RFC 6962 leaf hash of the entry's RFC 8785 JSON."""
    return leaf_hash(
        canonical(
            {
                "id": line.uid,
                "at": line.at,
                "action": line.action,
                "actor": line.actor,
                "subject": line.subject,
                "facts": line.facts,
            }
        )
    )


@dataclass(frozen=True, kw_only=True)
class ItemOfAct:
    """One thing that a bulk act touched: `commitment` is 32 bytes."""

    subject: UUID
    version: int
    commitment: bytes


def item_leaf(item: ItemOfAct) -> bytes:
    """The leaf of one item under its act's root."""
    return leaf_hash(item.subject.bytes + item.version.to_bytes(4) + item.commitment)
