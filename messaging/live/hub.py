"""The hub: one a process, holding all its sockets, rung by PostgreSQL.

A committed change rings in its own transaction (messaging.bell). The hub then reads what changed
once and puts the same frame into the queue of every local member's socket. Recipients are taken
from memberships at delivery. A process that committed rings its own hub at once; the bell that
follows is known by its position.
"""

import asyncio
from collections import defaultdict
from uuid import UUID
from weakref import WeakKeyDictionary

import structlog
from django.db import Error as DatabaseUnavailable

from accounts.authentication import no_longer_allowed
from audit.keyring import KeyringError
from messaging.live.frames import CLOSED_NOT_ALLOWED, encode
from messaging.live.listening import Bell, Listener
from messaging.live.moods import Moods
from messaging.live.reading import (
    Change,
    Changes,
    changes_since,
    heads_of,
    joined_channel,
)
from messaging.live.socket import Socket
from messaging.live.threads import in_thread

_log = structlog.get_logger("schoolchat.live")
_RETRY_SECONDS = 0.5
_CHECK_SECONDS = 60.0


class Hub:
    """All sockets of a process, and how far each channel has been delivered to them."""

    def __init__(self) -> None:
        self._sockets: dict[UUID, set[Socket]] = defaultdict(set)
        self._delivered: dict[UUID, int] = {}
        self._rung: dict[UUID, int] = {}
        self._delivering: set[UUID] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener = Listener(self._heard, self._missed)
        self.moods = Moods(self.to_people)

    def start(self) -> None:
        """Listen; called by the first socket, once a process."""
        self._listener.start()
        self.moods.start()
        self._checking = asyncio.create_task(self._check_regularly())

    async def stop(self) -> None:
        """Stop listening."""
        self._checking.cancel()
        await self._listener.stop()
        await self.moods.stop()

    def add(self, socket: Socket) -> None:
        """A socket was opened."""
        self._sockets[socket.person].add(socket)

    async def remove(self, socket: Socket) -> None:
        """A socket is gone."""
        sockets = self._sockets[socket.person]
        sockets.discard(socket)
        if not sockets:
            del self._sockets[socket.person]
        await socket.stop()

    def knows(self, channel: UUID, position: int) -> None:
        """A client here was brought to `position`: deliver what comes after it."""
        self._delivered.setdefault(channel, position)

    def ring(self, channel: UUID, position: int) -> None:
        """A channel has reached a position: deliver up to there, once."""
        if position <= self._delivered.get(channel, -1):
            return
        self._rung[channel] = max(position, self._rung.get(channel, 0))
        if channel not in self._delivering:
            self._delivering.add(channel)
            self._spawn(channel)

    def _spawn(self, channel: UUID) -> None:
        task = asyncio.create_task(self._deliver(channel))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, channel: UUID) -> None:
        """Read and send until the channel is where the bells say; several bells, one read."""
        try:
            await self._catch_up(channel)
        except (DatabaseUnavailable, KeyringError) as error:
            _log.warning("delivery waits", channel=str(channel), error=type(error).__name__)
            asyncio.get_running_loop().call_later(_RETRY_SECONDS, self._again, channel)
        finally:
            self._delivering.discard(channel)

    def _again(self, channel: UUID) -> None:
        self.ring(channel, self._rung[channel])

    async def _catch_up(self, channel: UUID) -> None:
        while (until := self._rung.get(channel, 0)) > self._delivered.get(channel, -1):
            since = self._delivered.get(channel, until - 1)
            found = await in_thread(changes_since, channel, since)
            if found is None or found.upto <= since:
                return
            await self._send(found)
            self._delivered[channel] = found.upto

    async def _send(self, found: Changes) -> None:
        for change in found.changes:
            await self._tell_of_membership(found.channel, change)
        if found.reset:
            self._to_channel(found, encode("reset", channel=str(found.channel)))
            return
        since = found.since
        for change in found.changes:
            upto = change.message["changed"]
            new = change.message["seq"] == upto
            frame = encode(
                "message" if new else "changed",
                channel=str(found.channel),
                since=since,
                upto=upto,
                message=change.message,
            )
            self._to_channel(found, frame)
            since = upto

    async def _tell_of_membership(self, channel: UUID, change: Change) -> None:
        """Who came or went, and whose channel was made or archived, hears of the channel."""
        if change.event == "created":
            await self._tell(channel, "joined", list(self._sockets))
        elif change.event == "archived":
            await self._tell(channel, "archived", list(self._sockets))
        elif change.person is None or change.person not in self._sockets:
            return
        elif change.event == "joined":
            await self._tell(channel, "joined", [change.person])
        elif change.event in {"left", "removed"}:
            gone = encode("channel", action="left", channel={"id": str(channel)})
            self.to_people([change.person], gone)

    async def _tell(self, channel: UUID, action: str, people: list[UUID]) -> None:
        """The channel as it now is, to those of these people who are in it."""
        shown = await in_thread(joined_channel, channel, people)
        for person, fields in shown.items():
            self.to_people([person], encode("channel", action=action, channel=fields))

    def _to_channel(self, found: Changes, frame: str) -> None:
        for person in found.members & self._sockets.keys():
            for socket in self._sockets[person]:
                socket.put(frame, found.channel)

    def to_people(self, people: list[UUID], frame: str) -> None:
        """Send a frame to every local socket of these people."""
        for person in people:
            for socket in list(self._sockets.get(person, ())):
                socket.put(frame)

    def _all(self) -> list[Socket]:
        return [socket for group in self._sockets.values() for socket in group]

    def _heard(self, bell: Bell) -> None:
        for channel, position in bell.channels:
            self.ring(channel, position)
        for socket in self._all():
            signed = socket.signed
            if signed.person in bell.people or {signed.session, str(signed.token)} & bell.ended:
                socket.end(CLOSED_NOT_ALLOWED)

    async def _missed(self) -> None:
        """The listening connection was away: ask for what it did not hear."""
        for channel, head in (await in_thread(heads_of, list(self._delivered))).items():
            self.ring(channel, head)
        await self._check_sessions()

    async def _check_regularly(self) -> None:
        """Sessions and tokens also end by themselves, without a bell."""
        while True:
            await asyncio.sleep(_CHECK_SECONDS)
            try:
                await self._check_sessions()
            except DatabaseUnavailable as error:
                _log.warning("sessions not checked", error=type(error).__name__)

    async def _check_sessions(self) -> None:
        """Close every socket whose account is closed or whose session is over."""
        sockets = self._all()
        over = set(await in_thread(no_longer_allowed, [socket.signed for socket in sockets]))
        for socket in sockets:
            if socket.signed in over:
                socket.end(CLOSED_NOT_ALLOWED)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of this process (of this event loop, to be exact), listening."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
        _hubs[loop].start()
    return _hubs[loop]


async def stop_hub() -> None:
    """Stop this event loop's hub, when the server goes."""
    if found := _hubs.pop(asyncio.get_running_loop(), None):
        await found.stop()
