"""What the hub reads: what became of channels after the positions that it delivered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from audit.statements import ask
from messaging.live.frames import MOST_MESSAGES
from messaging.live.reading.rows import rows_in, shown, statement
from messaging.live.reading.snapshot import one_state
from messaging.models import Channel, Message
from messaging.vault.rows import Row
from messaging.vault.versions import readable_rows

_CHANGES: Final = statement("changes")
_MEMBERS: Final = statement("members")
_BEFORE_ROW: Final = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A message in its latest state, and what a system message is about."""

    message: dict[str, Any]
    event: str | None
    person: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What became of a channel after position `since`, up to `upto`.

    Attributes:
        upto: the channel's position; or, where not all of it is carried, the last change's, and
            there is more.
        reset: `since` lies below the channel's floor; `changes` are then system messages alone.
        changes: in the order of `changed`.
        members: who is in the channel, accounts that are closed included; None when that was not
            asked for. With a reset it is always there: who came and went below a floor may be told
            by no message any more.
    """

    channel: UUID
    since: int
    upto: int
    reset: bool
    changes: tuple[Change, ...]
    members: frozenset[UUID] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """The messages that changed in a channel after `since`, sealed; `upto` as in Changes."""

    channel: UUID
    since: int
    upto: int
    reset: bool
    rows: list[Row]

    def reached(self, messages: Sequence[Mapping[str, Any]]) -> int:
        """Where these, the first of its messages, bring a client."""
        if len(messages) == len(self.rows):
            return self.upto
        return int(messages[-1]["changed"]) if messages else self.since


def changes_of(
    since: Mapping[UUID, int], *, with_members: Collection[UUID] = ()
) -> dict[UUID, Changes]:
    """What became of each channel after its position, in one state of the database.

    A channel that is gone is left out. One query; with members two, in a transaction. Raises
    UnknownGeneration when the keyring moves on meanwhile: read again.
    """
    if with_members:
        return _with_members(since, with_members)
    stretches = stretches_of(since)
    if any(stretch.reset for stretch in stretches):
        return _with_members(since, with_members)
    return {stretch.channel: _changes(stretch, None) for stretch in stretches}


def _with_members(since: Mapping[UUID, int], with_members: Collection[UUID]) -> dict[UUID, Changes]:
    with one_state():
        stretches = stretches_of(since)
        members = _members(
            [one.channel for one in stretches if one.reset or one.channel in with_members]
        )
    return {one.channel: _changes(one, members.get(one.channel)) for one in stretches}


def _members(channels: list[UUID]) -> dict[UUID, frozenset[UUID]]:
    """The members of each of these channels, of an empty one too."""
    found = dict(ask(_MEMBERS, {"channels": channels}))
    return {channel: frozenset(found.get(channel, ())) for channel in channels}


def stretches_of(since: Mapping[UUID, int]) -> list[Stretch]:
    """What changed in each channel after its position, sealed, in one query. The caller has made
    sure of who may see it."""
    if not since:
        return []
    asked = {
        "channels": list(since),
        "positions": list(since.values()),
        "most": MOST_MESSAGES,
    }
    by_channel = groupby(ask(_CHANGES, asked), key=lambda answer: answer[0])
    return [_stretch(since[channel], list(answers)) for channel, answers in by_channel]


def _stretch(since: int, answers: list[tuple[Any, ...]]) -> Stretch:
    channel, head, reset = answers[0][:_BEFORE_ROW]
    rows = rows_in(answers, _BEFORE_ROW)
    return Stretch(
        channel=channel,
        since=since,
        upto=head if len(rows) < MOST_MESSAGES else rows[-1].changed,
        reset=reset,
        rows=rows,
    )


def _changes(stretch: Stretch, members: frozenset[UUID] | None) -> Changes:
    messages = shown(stretch.rows)
    system = readable_rows(row for row in stretch.rows if row.kind == Message.Kind.SYSTEM)
    facts = {message: body.details for message, body in system.items()}
    return Changes(
        channel=stretch.channel,
        since=stretch.since,
        upto=stretch.reached(messages),
        reset=stretch.reset,
        changes=tuple(
            _change(message, facts.get(row.id, {}))
            for row, message in zip(stretch.rows, messages, strict=False)
        ),
        members=members,
    )


def _change(message: dict[str, Any], facts: Mapping[str, str]) -> Change:
    person = facts.get("person")
    return Change(
        message=message, event=facts.get("event"), person=UUID(person) if person else None
    )


def heads_of(channel_ids: Collection[UUID]) -> dict[UUID, int]:
    """The present position of each channel."""
    return dict(Channel.objects.filter(id__in=channel_ids).values_list("id", "head"))
