"""Who is in a channel, as far as this process has sockets for them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from messaging.live.socket import Socket


@dataclass(kw_only=True, slots=True, eq=False)
class Room:
    """A channel's members, and the local sockets among them."""

    members: set[UUID]
    sockets: set[Socket] = field(default_factory=set)


class Rooms:
    """The sockets of this process by person, and the members of each channel it has delivered.

    Members are loaded with the first read of a channel and kept right by the joins, leaves and
    removals that are delivered in their order, so that they are right for each position. Coming
    and going costs what a person's own channels cost, not all of them.
    """

    def __init__(self) -> None:
        self._sockets: dict[UUID, set[Socket]] = defaultdict(set)
        self._rooms: dict[UUID, Room] = {}
        self._rooms_of: dict[UUID, set[Room]] = defaultdict(set)

    def __contains__(self, channel: UUID) -> bool:
        return channel in self._rooms

    def people(self) -> list[UUID]:
        """Everybody who has a socket here."""
        return list(self._sockets)

    def sockets(self) -> list[Socket]:
        """Every socket."""
        return [socket for group in self._sockets.values() for socket in group]

    def of(self, person: UUID) -> list[Socket]:
        """A person's sockets."""
        return list(self._sockets.get(person, ()))

    def members(self, channel: UUID) -> set[UUID]:
        """The members of a channel that is loaded."""
        return self._rooms[channel].members

    def holds(self, person: UUID, channel: UUID) -> bool:
        """Whether somebody is known to be in a channel; of one that is not loaded nobody is."""
        return channel in self._rooms and person in self._rooms[channel].members

    def listeners(self, channel: UUID) -> set[Socket]:
        """The local sockets of a loaded channel's members."""
        return self._rooms[channel].sockets

    def to_people(self, people: Iterable[UUID], payload: bytes) -> None:
        """Send a frame to every local socket of these people."""
        for person in people:
            for socket in self.of(person):
                socket.put(payload)

    def mention_to(self, people: Iterable[UUID], payload: bytes) -> None:
        """The same with what heals by itself: who reads too slowly does without it."""
        for person in people:
            for socket in self.of(person):
                socket.mention(payload)

    def enter(self, socket: Socket) -> None:
        """A socket was opened."""
        self._sockets[socket.person].add(socket)
        for room in self._rooms_of.get(socket.person, ()):
            room.sockets.add(socket)

    def leave(self, socket: Socket) -> None:
        """A socket is gone."""
        group = self._sockets[socket.person]
        group.discard(socket)
        if not group:
            del self._sockets[socket.person]
        for room in self._rooms_of.get(socket.person, ()):
            room.sockets.discard(socket)

    def load(self, channel: UUID, members: Iterable[UUID]) -> None:
        """The members of a channel, as they were read."""
        if channel in self._rooms:
            for person in list(self.members(channel)):
                self.left(channel, person)
        self._rooms[channel] = Room(members=set())
        for person in members:
            self.joined(channel, person)

    def joined(self, channel: UUID, person: UUID) -> None:
        """Somebody came in."""
        room = self._rooms[channel]
        room.members.add(person)
        room.sockets |= self._sockets.get(person, set())
        self._rooms_of[person].add(room)

    def left(self, channel: UUID, person: UUID) -> None:
        """Somebody went out, or was taken out."""
        room = self._rooms[channel]
        room.members.discard(person)
        room.sockets -= self._sockets.get(person, set())
        self._rooms_of[person].discard(room)
        if not self._rooms_of[person]:
            del self._rooms_of[person]
