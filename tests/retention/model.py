"""What retention promises, held in memory: plain lists and naive arithmetic, no Django and no SQL.

It knows nothing of how the product does it. Names of people, channels and messages are the
product's ids, which mean nothing here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import batched
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
_LONDON: Final = ZoneInfo("Europe/London")
_LAST_OF_YEAR: Final = {"academic_year": (8, 31), "calendar_year": (12, 31)}


class Outcome(StrEnum):
    """What becomes of a message that was approved to be disposed of."""

    DESTROYED = "destroyed"
    OUT_OF_VIEW = "out_of_view"
    SPARED = "spared"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How long the messages of a class are kept, and what happens then."""

    action: str
    trigger: str = "message"
    months: int | None = None
    days: int | None = None

    @property
    def disposes(self) -> bool:
        return self.action == "dispose"

    def due_from(self, sent: datetime, on: date | None) -> date | None:
        """The first day on which a message is due; None if that is not known."""
        return _due_from(self, sent, on)


@lru_cache(maxsize=100_000)
def _due_from(rule: Rule, sent: datetime, on: date | None) -> date | None:
    day = sent.astimezone(UTC).date()
    if rule.trigger in _LAST_OF_YEAR:
        day = sent.astimezone(_LONDON).date()
        while (day.month, day.day) != _LAST_OF_YEAR[rule.trigger]:
            day += _DAY
    elif rule.trigger != "message":
        if on is None:
            return None
        day = max(day, on)
    if rule.days is not None:
        return _next_month(day + timedelta(days=rule.days))
    for _ in range(rule.months or 0):
        day = _next_month(day)
    return _next_month(day)


def _first(rule: Rule, sent: datetime, on: date | None) -> date:
    due = rule.due_from(sent, on) if rule.disposes else None
    return due or date.max


def _next_month(day: date) -> date:
    month = day.month
    while day.month == month:
        day += _DAY
    return day


@dataclass(kw_only=True)
class Message:
    """`versions` are its words, the present ones last; `own` is a class of its own."""

    id: UUID
    channel: UUID
    author: UUID
    sent: datetime
    is_system: bool = False
    versions: list[str] = field(default_factory=list)
    is_deleted: bool = False
    out_of_view: bool = False
    own: str | None = None

    @property
    def month(self) -> date:
        return self.sent.astimezone(UTC).date().replace(day=1)


@dataclass(kw_only=True)
class Channel:
    """`people` are in a direct conversation; `on` is the date that a dated rule asks for."""

    id: UUID
    record_class: str
    people: frozenset[UUID] = frozenset()
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Hold:
    """What these have in common; none of a kind leaves all of it. Both days are included."""

    channels: frozenset[UUID] = frozenset()
    people: frozenset[UUID] = frozenset()
    since: date | None = None
    until: date | None = None

    def covers(self, message: Message, channel: Channel) -> bool:
        if self.channels and channel.id not in self.channels:
            return False
        if self.people and message.author not in self.people and not self.people & channel.people:
            return False
        day = message.sent.astimezone(UTC).date()
        return (not self.since or day >= self.since) and (not self.until or day <= self.until)


@dataclass(kw_only=True)
class Chunk:
    """`items` says of each message whether it was held when it was proposed, `outcomes` what became
    of it, `counts` of how many, and `versions` how many of these went, when it was carried out."""

    channel: UUID
    month: date
    items: dict[UUID, bool]
    outcomes: dict[UUID, Outcome] = field(default_factory=dict)
    counts: Counter[Outcome] = field(default_factory=Counter)
    versions: int = 0


@dataclass(kw_only=True)
class Batch:
    """A disposal of a class. `by` None is the machine; `waits` says that owners may object yet, or
    that the approval has to cool off."""

    record_class: str
    chunks: list[Chunk]
    by: str | None
    waits: bool
    state: str = "proposed"

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

    def came_back(self, message: UUID) -> None:
        """In the end it was not due."""
        for chunk in self.chunks:
            if chunk.outcomes.get(message) == Outcome.OUT_OF_VIEW:
                chunk.outcomes[message] = Outcome.SPARED

    @property
    def versions(self) -> int:
        return sum(chunk.versions for chunk in self.chunks)


@dataclass(kw_only=True)
class Model:
    """A school on one day."""

    today: date
    rules: dict[str, Rule] = field(default_factory=dict)
    channels: dict[UUID, Channel] = field(default_factory=dict)
    messages: dict[UUID, Message] = field(default_factory=dict)
    holds: dict[int, Hold] = field(default_factory=dict)
    """The open ones."""
    batches: dict[int, Batch] = field(default_factory=dict)
    acts: Counter[str] = field(default_factory=Counter)
    """How often each act was entered in the log."""
    gone: set[UUID] = field(default_factory=set)
    waiting: set[UUID] = field(default_factory=set)
    """What came back into view, and the search follows in a job."""

    def is_held(self, message: Message) -> bool:
        channel = self.channels[message.channel]
        return any(hold.covers(message, channel) for hold in self.holds.values())

    def is_due(self, message: Message) -> bool:
        """Whether every rule that it is under lets it be disposed of today."""
        return self.due_from(message) <= self.today

    def due_from(self, message: Message) -> date:
        """The first day on which it is due, as far as is known today."""
        channel = self.channels[message.channel]
        classes = [channel.record_class, *([message.own] if message.own else [])]
        return max(_first(self.rules[one], message.sent, channel.on) for one in classes)

    def in_view(self) -> Iterator[Message]:
        return (message for message in self.messages.values() if not message.out_of_view)

    def found(self, *, versions: bool) -> set[tuple[UUID, int]]:
        """What a search for a word that stands in everything finds: message and version."""
        return {
            (message.id, number)
            for message in self.in_view()
            if not message.is_system
            for number in range(1, len(message.versions) + 1)
            if versions or (number == len(message.versions) and not message.is_deleted)
        }

    def release(self, number: int) -> None:
        """It is open no more."""
        del self.holds[number]
        self.show_again()

    def show_again(self) -> None:
        """What holds alone kept, and what is neither held nor due any more, comes back into view:
        after a release, and after whatever says when something is due."""
        for message in self.messages.values():
            if message.out_of_view and not self.is_held(message) and not self.is_due(message):
                message.out_of_view = False
                self.waiting.add(message.id)
                for batch in self.batches.values():
                    batch.came_back(message.id)

    def to_propose(self, size: int, *, by: str | None) -> dict[str, list[Chunk]]:
        """Class by class, what a proposal of today has to name, in chunks of that size.

        The machine does not propose anew what people took back this month. One of nothing but what
        is held stands in no other's way, and a chunk of nothing else comes last.
        """
        wanted: dict[str, list[Message]] = {}
        for message in self.messages.values():
            left_already = message.out_of_view and self.is_held(message)
            if self.is_due(message) and not left_already:
                record_class = self.channels[message.channel].record_class
                wanted.setdefault(record_class, []).append(message)
        return {
            name: sorted(self._chunks(some, size), key=lambda chunk: all(chunk.items.values()))
            for name, some in wanted.items()
            if not self._is_busy(name, all(map(self.is_held, some)), by)
        }

    def _is_busy(self, record_class: str, of_held_alone: bool, by: str | None) -> bool:
        its = [batch for batch in self.batches.values() if batch.record_class == record_class]
        if by is None and any(batch.state == "withdrawn" for batch in its):
            return True
        return any(batch.is_open and (batch.due == 0) == of_held_alone for batch in its)

    def _chunks(self, messages: Iterable[Message], size: int) -> Iterator[Chunk]:
        months: dict[tuple[date, UUID], list[Message]] = {}
        for message in messages:
            months.setdefault((message.month, message.channel), []).append(message)
        for (month, channel), its in sorted(months.items()):
            for some in batched(sorted(its, key=lambda one: (one.sent, one.id)), size):
                items = {one.id: self.is_held(one) for one in some}
                yield Chunk(channel=channel, month=month, items=items)

    def outcome(self, batch: Batch, message_id: UUID, *, held: bool) -> Outcome:
        """What would become of an item of a batch now; `held` when it was proposed."""
        message = self.messages.get(message_id)
        if (
            message is None
            or self.channels[message.channel].record_class != batch.record_class
            or not self.is_due(message)
        ):
            return Outcome.SPARED
        if held or self.is_held(message):
            return Outcome.OUT_OF_VIEW
        return Outcome.DESTROYED

    def carry_out(self, batch: Batch, chunk: Chunk) -> None:
        """One chunk, whole."""
        batch.state = "executing"
        for message_id, held in chunk.items.items():
            outcome = self.outcome(batch, message_id, held=held)
            chunk.outcomes[message_id] = outcome
            chunk.counts[outcome] += 1
            if outcome == Outcome.OUT_OF_VIEW:
                self.messages[message_id].out_of_view = True
            elif outcome == Outcome.DESTROYED:
                chunk.versions += len(self.messages.pop(message_id).versions)
                self.gone.add(message_id)
        self.acts["disposal.chunk_done"] += 1
