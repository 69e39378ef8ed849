"""The list of what a disposal is to dispose of, and the digests that bind approval to it. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A chunk of a disposal: messages of one channel's month, each with whether it is held."""

    channel: UUID
    month: date
    items: Sequence[tuple[UUID, bool]]

    def digest(self) -> str:
        """As `retention_items_digest` of the database computes it."""
        ordered = sorted(self.items, key=lambda item: item[0].bytes)
        return _sha256(f"{message} {'held' if held else 'due'}" for message, held in ordered)


def digest_of_chunks(chunks: Iterable[tuple[int, Planned]]) -> str:
    """The digest over all chunks with their numbers, in their order: what is approved."""
    return _sha256(
        f"{number} {chunk.channel} {chunk.month:%Y-%m-%d} {chunk.digest()}"
        for number, chunk in chunks
    )


def _sha256(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
