"""The sockets of a crowd, and the loop that reads them."""

import select
import socket
import time
from dataclasses import dataclass, field
from typing import Final, Protocol

READ_BYTES: Final = 65_536


class Room:
    """A channel: its sockets, those that write, and the last bytes read by any of them.

    Everybody in a room is sent the same bytes, so whoever reads what the one before has read need
    not take it apart again; `last` and `found` hold those bytes and the messages in them.
    """

    __slots__ = ("found", "last", "members", "name", "template", "writers")

    def __init__(self, name: str, template: bytes) -> None:
        self.name = name
        self.template = template
        self.members: list[Member] = []
        self.writers: list[Member] = []
        self.last = b""
        self.found: tuple[int, ...] = ()


class Member:
    """One socket. `rest` is the beginning of a frame whose end has not come yet."""

    __slots__ = ("closed", "fd", "joined", "port", "process", "rest", "room", "sock", "unsent")

    def __init__(self, sock: socket.socket, room: Room) -> None:
        self.sock = sock
        self.fd = sock.fileno()
        self.port: int = sock.getsockname()[1]
        self.room = room
        self.rest = b""
        self.unsent = b""
        self.joined = False
        self.closed = False
        self.process = 0  # which of the server's processes it is connected to


@dataclass(kw_only=True)
class Heard:
    """What came besides messages: the count of each type of frame, and the first error."""

    others: dict[str, int] = field(default_factory=dict)
    error: str = ""
    closed: int = 0

    def note(self, kind: str) -> None:
        """Count something that is no message."""
        self.others[kind] = self.others.get(kind, 0) + 1

    def forget(self) -> None:
        """Begin anew; lost sockets stay lost."""
        self.others.clear()
        self.error = ""


class Speech(Protocol):
    """A protocol: how a socket is opened, how a message is written, and what was read."""

    def open(self, url: str, token: str, room: Room) -> Member:
        """Connect and ask to be let in."""

    def writers(self, crowd: "Crowd", url: str, room: Room, count: int) -> list[Member]:
        """So many sockets of a room on which messages are written."""

    def template(self, channel: str, refs: str, characters: int, token: str) -> bytes:
        """What sends a message, with two gaps (`%`) for its number; the token is a writer's."""

    def take(self, crowd: "Crowd", member: Member, data: bytes) -> tuple[int, ...]:
        """The numbers of the messages in `data`; all else is dealt with."""


class Crowd:
    """All sockets of the generator."""

    def __init__(self, speech: Speech) -> None:
        self.poll = select.epoll()
        self.members: dict[int, Member] = {}
        self.heard = Heard()
        self.joined = 0
        self.waiting = 0  # deliveries that are still to come
        #: (when, by whom, which messages) of each read, looked at after the measurement
        self.log: list[tuple[float, Member, tuple[int, ...]]] = []
        self._speech = speech

    def add(self, member: Member) -> None:
        """Read this member's socket from now on."""
        self.listen(member)
        member.room.members.append(member)
        self.joined += member.joined

    def listen(self, member: Member) -> None:
        """Read it too, though nothing is delivered to it."""
        self.members[member.fd] = member
        self.poll.register(member.fd, select.EPOLLIN)

    def welcome(self, member: Member) -> None:
        """It has been let in."""
        member.joined = True
        self.joined += 1

    def read(self, seconds: float) -> None:
        """Read whatever has come; wait for the first of it for so long at most."""
        for fd, events in self.poll.poll(seconds):
            member = self.members[fd]
            if events & select.EPOLLOUT:
                self._write_rest(member)
            if events & ~select.EPOLLOUT:
                self._read_one(member)

    def _read_one(self, member: Member) -> None:
        try:
            data = member.sock.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        at = time.monotonic()
        room = member.room
        if not data:
            self._lose(member)
            return
        same = data == room.last and not member.rest
        found = room.found if same else self._speech.take(self, member, data)
        if found:
            self.waiting -= len(found)
            self.log.append((at, member, found))

    def _lose(self, member: Member) -> None:
        self.poll.unregister(member.fd)
        member.sock.close()
        member.closed = True
        self.heard.closed += 1

    def write(self, member: Member, data: bytes) -> None:
        """Write now, or as soon as the socket takes it."""
        if member.closed:
            return
        if member.unsent:
            member.unsent += data
            return
        try:
            sent = member.sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            return  # its end is read next
        if sent < len(data):
            member.unsent = data[sent:]
            self.poll.modify(member.fd, select.EPOLLIN | select.EPOLLOUT)

    def _write_rest(self, member: Member) -> None:
        data, member.unsent = member.unsent, b""
        self.write(member, data)
        if not member.unsent:
            self.poll.modify(member.fd, select.EPOLLIN)
