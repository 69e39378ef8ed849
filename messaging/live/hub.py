"""The hub: one a process, holding all its sockets, rung by PostgreSQL.

A committed change rings in its own transaction (messaging.bell). The hub then reads what changed
once and writes the same frame to every local member's socket. What this process's own writer has
committed is delivered at once, without a read, when nothing lies between it and what was
delivered before; its own bell is then known by the position.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from weakref import WeakKeyDictionary

import structlog
from django.db import Error as DatabaseUnavailable

from accounts.authentication import Signed, no_longer_allowed
from messaging.live.delivery import Delivery
from messaging.live.frames import CLOSED_NOT_ALLOWED
from messaging.live.lasting import Lasting
from messaging.live.listening import Bell, Listener
from messaging.live.moods import Moods
from messaging.live.presence import Presence
from messaging.live.rates import Buckets
from messaging.live.read_positions import ReadPositions
from messaging.live.reading import heads_of
from messaging.live.receipts import Receipts
from messaging.live.rooms import Rooms
from messaging.live.showing import Showing
from messaging.live.socket import Socket
from messaging.process import metrics
from messaging.process.threads import Lane, forget_connections, in_thread

_log = structlog.get_logger("schoolchat.live")
_CHECK_SECONDS: Final = 60.0
#: Of those who come at the same moment, so many are let in at a time: the rest of the process's
#: time is for those who are in already.
_ADMITTED_AT_ONCE: Final = 2


class Hub:
    """All sockets of a process, and how far each channel has been delivered to them."""

    def __init__(self) -> None:
        self.rooms = Rooms()
        self._arriving: dict[object, list[Bell]] = {}
        self._listener = Listener(self._heard, self._missed, self._is_back)
        self.moods = Moods(self.rooms.mention_to)
        self.presence = Presence(self.moods, self.rooms.mention_to)
        self.showing = Showing(self.rooms, self.presence)
        self.reads = ReadPositions(self.moods, receipts=Receipts(self.moods, self.showing))
        self.delivery = Delivery(self.rooms, regrouped=self.presence.regrouped)
        self.sends_of_people = Buckets(a_second=5, burst=20)
        self.sends_of_channels = Buckets(a_second=20, burst=100)
        self.admission = Lane("admission", threads=_ADMITTED_AT_ONCE)
        # Edits, deletions, reactions, pins: who holds a channel's row must not hold up reading too.
        self.changes = Lane("changes", threads=2, lock_milliseconds=1_000)
        self._lasting = Lasting()
        self._times_missed = 0

    def start(self) -> None:
        """Listen; called by the first socket, once a process."""
        self._listener.start()
        self.moods.start()
        self.reads.start()
        self.showing.start()
        self._lasting.run("sessions are checked", self._check_regularly)

    async def stop(self) -> None:
        """Write what waits, and stop listening."""
        await self._lasting.stop()
        await self._listener.stop()
        await self.delivery.stop()
        await self.reads.stop()
        await self.showing.stop()
        await self.presence.stop()
        await self.moods.stop()
        await self.admission.close()
        await self.changes.close()

    def add(self, socket: Socket) -> None:
        """A socket was opened."""
        self.rooms.enter(socket)
        self.presence.opened(socket.person)
        metrics.SOCKETS.inc()

    def remove(self, socket: Socket) -> None:
        """A socket is gone."""
        self.rooms.leave(socket)
        socket.stop()
        self.presence.closed(socket.person)
        metrics.SOCKETS.dec()

    def _heard(self, bell: Bell) -> None:
        if bell.lag is not None:
            metrics.BELL_SECONDS.observe(bell.lag)
        for channel, position in bell.channels:
            self.delivery.ring(channel, position)
        if bell.school:
            self.showing.stale()
        if not bell.people and not bell.ended:
            return
        for heard in self._arriving.values():
            heard.append(bell)
        for socket in self.rooms.sockets():
            if ends(bell, socket.signed):
                socket.end(CLOSED_NOT_ALLOWED)

    @contextmanager
    def unsure(self) -> Iterator[None]:
        """What is read in this block may be older than a bell that nobody heard: where something
        was missed meanwhile it is asked for again, now that channel and socket are known here."""
        before = self._times_missed
        yield
        if self._listener.lost or self._times_missed != before:
            self._listener.fall_behind()

    @contextmanager
    def noting(self) -> Iterator[list[Bell]]:
        """The bells that end somebody's access, from now on: for a socket that is being opened,
        so that no bell passes between the look at its session and its entry here."""
        name, heard = object(), list[Bell]()
        self._arriving[name] = heard
        try:
            yield heard
        finally:
            del self._arriving[name]

    async def _is_back(self) -> None:
        """The database can be reached again: those who read shall have it at once."""
        await asyncio.to_thread(forget_connections)

    async def _missed(self) -> None:
        """The listening connection was away: ask for what it did not hear."""
        self._times_missed += 1
        self.showing.stale()
        for channel, head in (await in_thread(heads_of, self.delivery.channels)).items():
            self.delivery.ring(channel, head)
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
        sockets = self.rooms.sockets()
        over = set(await in_thread(no_longer_allowed, [socket.signed for socket in sockets]))
        for socket in sockets:
            if socket.signed in over:
                socket.end(CLOSED_NOT_ALLOWED)


def ends(bell: Bell, signed: Signed) -> bool:
    """Whether a bell ends somebody's access."""
    return signed.person in bell.people or not bell.ended.isdisjoint(
        {signed.session, str(signed.token)}
    )


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
