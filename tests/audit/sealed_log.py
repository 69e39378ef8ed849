"""A small log, sealed and signed without a database, for proofs and their verifiers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.canonical import canonical, commitment, plain
from audit.entries import ItemOfAct, document_of, item_leaf, leaf_of
from audit.tree.notes import checkpoint_text, signed, verifier_key
from audit.tree.proof_file import ItemPlace, compose
from tests.audit.by_definition import largest_power_of_two_below

NAME = "schoolchat/0192f0c1-2b5e-7d3a-9c41-5f6e7a8b9c0d"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
SALT = bytes(range(100, 132))
CHANNEL = UUID(int=77)
MESSAGE = 2  # the entry of a message
BULK = 5  # the entry of an act over items
OF_CHANNEL = 7  # an entry that is about a channel and holds a message of it
AT = datetime(2026, 11, 20, 9, 30, 0, 123000, tzinfo=UTC)


def words(number: int) -> dict[str, Any]:
    """The document that is committed to, as messaging writes it."""
    return {
        "id": UUID(int=1_000 + number),
        "channel": CHANNEL,
        "author": UUID(int=3),
        "sent_at": AT,
        "kind": "text",
        "reply_to": None,
        "version": 1,
        "body": f'Bus {number} at "three"\n\u2028 caf\u00e9 \U0001f600',
        "attachments": [],
    }


def items() -> list[ItemOfAct]:
    """What the bulk act is over: 11 messages."""
    return [
        ItemOfAct(
            subject=UUID(int=1_000 + number),
            version=1,
            commitment=bytes.fromhex(commitment(SALT, words(number))),
        )
        for number in range(11)
    ]


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def head_of(leaves: list[bytes]) -> bytes:
    """By the definition, here over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    k = largest_power_of_two_below(len(leaves))
    return node(head_of(leaves[:k]), head_of(leaves[k:]))


def path_in(leaves: list[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = largest_power_of_two_below(len(leaves))
    if index < k:
        return [*path_in(leaves[:k], index), head_of(leaves[k:])]
    return [*path_in(leaves[k:], index - k), head_of(leaves[:k])]


@dataclass(frozen=True, kw_only=True)
class Line:
    """An entry, without a database."""

    uid: UUID
    at: datetime
    action: str
    actor: UUID | None
    subject: UUID | None
    facts: Mapping[str, object]


@dataclass(kw_only=True)
class SealedLog:
    """Entries in their order, and what is made of them."""

    lines: list[Line] = field(default_factory=list)

    def leaves(self, size: int | None = None) -> list[bytes]:
        return [leaf_of(line) for line in self.lines[:size]]

    def note(self, size: int, key: Ed25519PrivateKey = KEY, name: str = NAME) -> str:
        """The checkpoint over the first `size` entries."""
        return signed(checkpoint_text(name, size, head_of(self.leaves(size))), name, key)

    def proof(
        self, index: int, *, size: int | None = None, note: str | None = None, **parts: Any
    ) -> str:
        """A proof file of an entry; `parts` are what its document holds beside the entry."""
        leaves = self.leaves(size)
        document = {"entry": document_of(self.lines[index]), **parts}
        path = path_in(leaves, index)
        return compose(index, path, note or self.note(len(leaves)), canonical(document))

    def write_tiles(self, folder: Path, size: int) -> None:
        """The tiles of a tree of less than 65,536 leaves, by the specification."""
        leaves = self.leaves(size)
        self._write(folder / "tile" / "0", leaves)
        above = [head_of(leaves[at : at + 256]) for at in range(0, size - size % 256, 256)]
        self._write(folder / "tile" / "1", above)

    def _write(self, folder: Path, hashes: list[bytes]) -> None:
        for index in range(0, len(hashes), 256):
            tile = hashes[index : index + 256]
            name = f"{index // 256:03}"
            file = folder / name if len(tile) == 256 else folder / f"{name}.p" / f"{len(tile)}"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"".join(tile))


def item_place(index: int) -> ItemPlace:
    """Where an item of the bulk act stands."""
    leaves = [item_leaf(item) for item in items()]
    return ItemPlace(
        item=items()[index], index=index, count=len(leaves), path=tuple(path_in(leaves, index))
    )


def item_document(index: int) -> dict[str, Any]:
    """The same as a proof's document writes it."""
    place = item_place(index)
    where = {"index": place.index, "count": place.count, "path": list(place.path)}
    return where | vars(place.item)


def line(number: int, action: str, subject: UUID | None, **facts: Any) -> Line:
    return Line(
        uid=UUID(int=number),
        at=AT + timedelta(seconds=number),
        action=action,
        actor=UUID(int=3),
        subject=subject,
        facts={name: plain(value) for name, value in facts.items()},
    )


def sealed_log(size: int = 13) -> SealedLog:
    """A log with a message, a bulk act and an act that holds a message, among other entries."""
    log = SealedLog(lines=[line(number, "session.started", None) for number in range(size)])
    said = {"version": 1, "message_commitment": commitment(SALT, words(MESSAGE))}
    log.lines[MESSAGE] = line(
        MESSAGE, "message.posted", UUID(int=1_000 + MESSAGE), channel=CHANNEL, seq=1, **said
    )
    root = head_of([item_leaf(item) for item in items()])
    log.lines[BULK] = line(BULK, "messages.generated", None, seed=1, count=len(items()), root=root)
    log.lines[OF_CHANNEL] = line(
        OF_CHANNEL, "member.left", CHANNEL, position=4, message=UUID(int=1_000 + MESSAGE), **said
    )
    return log


SCHOOLS_KEY = verifier_key(NAME, KEY.public_key().public_bytes_raw())
ANOTHER_KEY = verifier_key(NAME, OTHER_KEY.public_key().public_bytes_raw())
