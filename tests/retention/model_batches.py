"""Disposals for the model: what was proposed, and what became of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID


class Outcome(StrEnum):
    """What becomes of a message that was approved to be disposed of."""

    DESTROYED = "destroyed"
    OUT_OF_VIEW = "out_of_view"
    SPARED = "spared"


@dataclass(kw_only=True)
class Chunk:
    """`items` says of each message whether it was held when it was proposed, `outcomes` what became
    of it, `counts` of how many, `versions` how many of these went, `days` when they were sent,
    and `files` those to which nothing refers since, when it was carried out."""

    number: int
    channel: UUID
    month: date
    items: dict[UUID, bool]
    outcomes: dict[UUID, Outcome] = field(default_factory=dict)
    counts: Counter[Outcome] = field(default_factory=Counter)
    versions: int = 0
    days: set[date] = field(default_factory=set)
    files: set[UUID] = field(default_factory=set)


@dataclass(kw_only=True)
class Batch:
    """A disposal of a class. `by` None is the machine; `waits` says that owners may object yet, or
    that the approval has to cool off.

    `objections` are by channel, with their ids; `undecided` those of which nobody has decided yet.
    `taken_out` counts the messages of upheld ones which nothing held. `stopped` says that it was
    while it was carried out: what is left is spared.
    """

    record_class: str
    chunks: list[Chunk]
    by: str | None
    waits: bool
    state: str = "proposed"
    objections: dict[UUID, int] = field(default_factory=dict)
    undecided: set[UUID] = field(default_factory=set)
    taken_out: int = 0
    stopped: bool = False

    @property
    def was_ended(self) -> bool:
        """By people, or because they left it lying. Of which they took out all that was due it
        would tell whoever a hold is on that it goes on with what is held."""
        is_emptied = bool(self.taken_out) and not self.due
        return self.stopped or is_emptied or self.state in {"withdrawn", "stopped", "expired"}

    @property
    def is_under_way(self) -> bool:
        return self.state == "executing" or (self.state == "approved" and not self.waits)

    @property
    def is_open(self) -> bool:
        return self.state in {"proposed", "approved", "executing"}

    @property
    def held(self) -> int:
        return sum(held for chunk in self.chunks for held in chunk.items.values())

    @property
    def due(self) -> int:
        return sum(len(chunk.items) for chunk in self.chunks) - self.held

    def count(self, outcome: Outcome) -> int:
        return sum(chunk.counts[outcome] for chunk in self.chunks)

    def take_out(self, channel: UUID) -> None:
        """An objection was upheld; one of which nothing is left is over."""
        taken = [chunk for chunk in self.chunks if chunk.channel == channel]
        self.chunks = [chunk for chunk in self.chunks if chunk.channel != channel]
        self.taken_out += sum(not held for chunk in taken for held in chunk.items.values())
        if not self.chunks:
            self.state = "withdrawn"

    def came_back(self, message: UUID) -> None:
        """In the end it was not due."""
        for chunk in self.chunks:
            if chunk.outcomes.get(message) == Outcome.OUT_OF_VIEW:
                chunk.outcomes[message] = Outcome.SPARED

    @property
    def gone(self) -> list[UUID]:
        """The messages that were destroyed."""
        chunks = (chunk.outcomes.items() for chunk in self.chunks)
        return [one for done in chunks for one, what in done if what == Outcome.DESTROYED]

    @property
    def versions(self) -> int:
        return sum(chunk.versions for chunk in self.chunks)


def numbered(chunks: Iterable[Chunk]) -> list[Chunk]:
    """Those of nothing but what is held come last."""
    ordered = sorted(chunks, key=lambda chunk: all(chunk.items.values()))
    for number, chunk in enumerate(ordered, 1):
        chunk.number = number
    return ordered
