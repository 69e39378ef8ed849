"""Who is in a channel, as far as this process has sockets for them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from messaging.live.socket import Socket


@dataclass(kw_only=True, slots=True)
class Room:
    """A channel's members, and the local sockets among them."""

    members: set[UUID]
    sockets: set[Socket] = field(default_factory=set)


class Rooms:
    """The sockets of this process by person, and the members of each channel it has delivered.

    Members are loaded with the first read of a channel and kept right by the joins, leaves and
    removals that are delivered in their order, so that they are right for each position.
    """

    def __init__(self) -> None:
        self._sockets: dict[UUID, set[Socket]] = defaultdict(set)
        self._rooms: dict[UUID, Room] = {}

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

    def listeners(self, channel: UUID) -> set[Socket]:
        """The local sockets of a loaded channel's members."""
        return self._rooms[channel].sockets

    def to_people(self, people: Iterable[UUID], payload: bytes) -> None:
        """Send a frame to every local socket of these people."""
        for person in people:
            for socket in self.of(person):
                socket.put(payload)

    def enter(self, socket: Socket) -> None:
        """A socket was opened."""
        self._sockets[socket.person].add(socket)
        for room in self._rooms.values():
            if socket.person in room.members:
                room.sockets.add(socket)

    def leave(self, socket: Socket) -> None:
        """A socket is gone."""
        group = self._sockets[socket.person]
        group.discard(socket)
        if not group:
            del self._sockets[socket.person]
        for room in self._rooms.values():
            room.sockets.discard(socket)

    def load(self, channel: UUID, members: Iterable[UUID]) -> None:
        """The members of a channel, as they were read."""
        room = Room(members=set(members))
        for person in room.members & self._sockets.keys():
            room.sockets |= self._sockets[person]
        self._rooms[channel] = room

    def joined(self, channel: UUID, person: UUID) -> None:
        """Somebody came in."""
        room = self._rooms[channel]
        room.members.add(person)
        room.sockets |= self._sockets.get(person, set())

    def left(self, channel: UUID, person: UUID) -> None:
        """Somebody went out, or was taken out."""
        room = self._rooms[channel]
        room.members.discard(person)
        room.sockets -= self._sockets.get(person, set())
