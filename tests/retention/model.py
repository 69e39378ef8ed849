"""What retention promises, held in memory: plain lists and naive arithmetic, no Django and no SQL.

It knows nothing of how the product does it. Names of people, channels and messages are the
product's ids, which mean nothing here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import batched
from uuid import UUID

from tests.retention.model_batches import Batch, Chunk, Outcome, numbered
from tests.retention.model_rules import Rule, first_day


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
    files: frozenset[UUID] = frozenset()
    has_reaction: bool = False
    corrections: int = 0
    is_passed_on: bool = False

    def says(self, word: str) -> bool:
        """In any version."""
        return any(word in version for version in self.versions)

    @property
    def month(self) -> date:
        return self.sent.astimezone(UTC).date().replace(day=1)


@dataclass(kw_only=True)
class Channel:
    """`people` are in a direct conversation; `on` is the date that a dated rule counts from, and
    `asked` the one that somebody set, or whose leaving date it is."""

    id: UUID
    record_class: str
    people: frozenset[UUID] = frozenset()
    on: date | None = None
    asked: date | UUID | None = None
    sensitive: bool = False


@dataclass(frozen=True, kw_only=True)
class Hold:
    """What these have in common; none of a kind leaves all of it. Both days are included.

    With a word it is that alone in which the word stands, of what is `known`; the rest it covers
    until it is.
    """

    channels: frozenset[UUID] = frozenset()
    people: frozenset[UUID] = frozenset()
    since: date | None = None
    until: date | None = None
    word: str = ""
    known: set[UUID] = field(default_factory=set)

    def holds(self, message: Message, channel: Channel) -> bool:
        is_open = not self.word or message.id not in self.known or message.says(self.word)
        return is_open and self.covers(message, channel)

    def covers(self, message: Message, channel: Channel) -> bool:
        if self.channels and channel.id not in self.channels:
            return False
        if self.people and message.author not in self.people and not self.people & channel.people:
            return False
        day = message.sent.astimezone(UTC).date()
        return (not self.since or day >= self.since) and (not self.until or day <= self.until)


@dataclass(kw_only=True)
class Model:
    """A school on one day."""

    today: date
    rules: dict[str, Rule] = field(default_factory=dict)
    channels: dict[UUID, Channel] = field(default_factory=dict)
    messages: dict[UUID, Message] = field(default_factory=dict)
    holds: dict[int, Hold] = field(default_factory=dict)
    """The open ones."""
    matched: set[int] = field(default_factory=set)
    """Those by words, of which all was matched once."""
    batches: dict[int, Batch] = field(default_factory=dict)
    acts: Counter[str] = field(default_factory=Counter)
    """How often each act was entered in the log."""
    gone: set[UUID] = field(default_factory=set)
    sizes: dict[UUID, int] = field(default_factory=dict)
    """Of every file that there ever was, in bytes."""
    leaving: dict[UUID, date | None] = field(default_factory=dict)
    """When people leave, as far as it is known."""
    waiting: set[UUID] = field(default_factory=set)
    """What came back into view, and the search follows in a job."""

    def is_held(self, message: Message) -> bool:
        channel = self.channels[message.channel]
        return any(hold.holds(message, channel) for hold in self.holds.values())

    def is_due(self, message: Message) -> bool:
        """Whether every rule that it is under lets it be disposed of today."""
        return self.due_from(message) <= self.today

    def due_from(self, message: Message) -> date:
        """The first day on which it is due, as far as is known today."""
        channel = self.channels[message.channel]
        classes = [channel.record_class, *([message.own] if message.own else [])]
        return max(first_day(self.rules[one], message.sent, channel.on) for one in classes)

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

    def changed(self, message: Message) -> None:
        """Nobody knows any more whether what a hold looks for stands in it."""
        for hold in self.holds.values():
            hold.known.discard(message.id)

    def match(self) -> None:
        """What the worker writes down of holds by words."""
        for number, hold in self.holds.items():
            if hold.word:
                hold.known.update(self.messages)
                self.acts["hold.matched"] += number not in self.matched
                self.matched.add(number)
        self.show_again()

    def release(self, number: int) -> None:
        """It is open no more."""
        del self.holds[number]
        self.show_again()

    def wanted(self, channel: Channel) -> date | None:
        asked = channel.asked
        return self.leaving.get(asked) if isinstance(asked, UUID) else asked

    def waits(self, channel: Channel) -> bool:
        """Whether a second person has to agree before the date that is wanted counts."""
        return self.wanted(channel) not in {None, channel.on}

    def count_from(self, channel: Channel, asked: date | UUID) -> None:
        """Nobody alone puts it earlier, or says it where it was not known."""
        channel.asked = asked
        wanted = self.wanted(channel)
        channel.on = max(wanted, channel.on) if wanted and channel.on else None
        self.show_again()

    def leave(self, person: UUID, day: date | None) -> None:
        """Later or unknown it counts at once."""
        if self.leaving.get(person) == day:
            return
        self.leaving[person] = day
        for channel in self.channels.values():
            if channel.asked == person and channel.on:
                channel.on = max(day, channel.on) if day else None
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
            name: numbered(self._chunks(some, size))
            for name, some in wanted.items()
            if not self._is_busy(name, all(map(self.is_held, some)), by)
        }

    def _is_busy(self, record_class: str, of_held_alone: bool, by: str | None) -> bool:
        its = [batch for batch in self.batches.values() if batch.record_class == record_class]
        if by is None and any(batch.was_ended for batch in its):
            return True
        return any(batch.is_open and (batch.due == 0) == of_held_alone for batch in its)

    def _chunks(self, messages: Iterable[Message], size: int) -> Iterator[Chunk]:
        months: dict[tuple[date, UUID], list[Message]] = {}
        for message in messages:
            months.setdefault((message.month, message.channel), []).append(message)
        for (month, channel), its in sorted(months.items()):
            for some in batched(sorted(its, key=lambda one: (one.sent, one.id)), size):
                items = {one.id: self.is_held(one) for one in some}
                yield Chunk(number=0, channel=channel, month=month, items=items)

    def outcome(self, batch: Batch, message_id: UUID, *, held: bool) -> Outcome:
        """What would become of an item of a batch now; `held` when it was proposed."""
        message = self.messages.get(message_id)
        if (
            message is None
            or batch.stopped
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
                self._destroy(message_id, chunk)
        chunk.files -= self.files
        self.acts["disposal.chunk_done"] += 1

    def _destroy(self, message_id: UUID, chunk: Chunk) -> None:
        message = self.messages.pop(message_id)
        self.gone.add(message_id)
        chunk.versions += len(message.versions)
        chunk.days.add(message.sent.astimezone(UTC).date())
        chunk.files |= message.files

    @property
    def files(self) -> set[UUID]:
        """To which a message refers."""
        return {file for message in self.messages.values() for file in message.files}
