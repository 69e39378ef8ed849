"""Who may see whether somebody is there: the other members of the channels that count for it.

Read once a person and channel, when they come; kept for as long as any member is here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from audit.statements import ask, statement_of
from messaging.process.threads import in_thread

_CIRCLES: Final = statement_of(Path(__file__).parent.parent / "sql" / "circles.sql")

type Members = dict[UUID, frozenset[UUID]]


@dataclass(frozen=True, kw_only=True)
class Regrouped:
    """A channel's members before and after somebody came or went; none where it does not count."""

    channel: UUID
    before: frozenset[UUID]
    after: frozenset[UUID]

    @property
    def joined(self) -> frozenset[UUID]:
        """Who is new."""
        return self.after - self.before

    @property
    def left(self) -> frozenset[UUID]:
        """Who is in it no more."""
        return self.before - self.after


class Circles:
    """The members of each channel that counts and that somebody here is in."""

    def __init__(self, *, only_direct: bool) -> None:
        self._only_direct = only_direct
        self._members: Members = {}
        self._people: set[UUID] = set()
        self._channels: set[UUID] = set()

    def came(self, person: UUID) -> None:
        """Somebody is here whose channels may not be known."""
        self._people.add(person)

    def regrouped(self, channel: UUID) -> None:
        """The members of a channel are others now."""
        self._channels.add(channel)

    def around(self, person: UUID, *, besides: UUID | None = None) -> set[UUID]:
        """Everybody who may see this person, and whom this person may see; or those who could
        without the channel `besides`."""
        circles = [
            members
            for channel, members in self._members.items()
            if person in members and channel != besides
        ]
        return set().union(*circles) - {person}

    async def learn(self) -> list[Regrouped]:
        """Read what is not known; the channels that regrouped.

        Raises a database error when it cannot be read; then it is read the next time.
        """
        if not self._people and not self._channels:
            return []
        # As they are now: who comes while it waits for the database is of the next time.
        people, channels = frozenset(self._people), frozenset(self._channels)
        known = self._members.keys() - channels
        found = await in_thread(
            members_around,
            people=people,
            channels=channels,
            known=known,
            only_direct=self._only_direct,
        )
        self._people, self._channels = self._people - people, self._channels - channels
        nobody = frozenset[UUID]()
        before = {channel: self._members.pop(channel, nobody) for channel in channels}
        self._members |= found
        return [
            Regrouped(channel=channel, before=before[channel], after=found.get(channel, nobody))
            for channel in channels
        ]

    def forget(self, here: Collection[UUID]) -> None:
        """Let go of channels that nobody here is in."""
        present = frozenset(here)
        self._members = {
            channel: members
            for channel, members in self._members.items()
            if not members.isdisjoint(present)
        }


def members_around(
    *,
    people: Collection[UUID],
    channels: Collection[UUID],
    known: Collection[UUID],
    only_direct: bool,
) -> Members:
    """The members of these channels and of those that these people are in, less those known."""
    values = {
        "people": list(people),
        "channels": list(channels),
        "known": list(known),
        "only_direct": only_direct,
    }
    return {channel: frozenset(members) for channel, members in ask(_CIRCLES, values)}
