"""Presence: whether people are online or away, where the school wants it shown (it is off unless it
does, and that can change at any time). A mood: over the channel layer, to those who share a
channel; never stored, never in the log, and nothing in it says since when.

Each process tells the others what has changed at it, together, at most every two seconds, and how
it is with everybody every twenty. Of all that, those who have a socket here and may see it are told
what is new to them. While the layer is away, what other processes said last stands.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from typing import Any, Final
from uuid import UUID

import orjson
import structlog
from django.db import Error as DatabaseUnavailable

from messaging.live.attendance import Attendance, Pace, State, States
from messaging.live.circles import Circles, Regrouped
from messaging.live.frames import encode
from messaging.live.lasting import Lasting
from messaging.live.moods import Moods, ToPeople
from messaging.live.socket import Socket
from messaging.school.values import Extent

_log = structlog.get_logger("schoolchat.live")
_TOPIC: Final = "presence"


class Presence:
    """What the hub and the sockets tell of people; as long as it is `off` it does nothing."""

    def __init__(self, moods: Moods, to_people: ToPeople, *, pace: Pace | None = None) -> None:
        self._pace = pace or Pace()
        self._moods = moods
        self._to_people = to_people
        self._tasks = Lasting()
        self._begin_anew(Extent.OFF)

    def _begin_anew(self, extent: Extent) -> None:
        self._on = extent is not Extent.OFF
        self._attendance = Attendance(self._pace)
        self._circles = Circles(only_direct=extent is Extent.DIRECT)
        self._greetings: list[Socket] = []
        self._heartbeat_at = 0.0
        self._asks = True

    async def show(self, extent: Extent, sockets: Callable[[], Iterable[Socket]]) -> None:
        """Show it to so many from now on. What was said so far is forgotten, and pages forget it
        too; those at these sockets are told anew."""
        self._on = False
        await self._tasks.stop()
        self._begin_anew(extent)
        if not self._on:
            return
        for socket in sockets():
            self.opened(socket.person)
            self.greet(socket)
        self._moods.on(_TOPIC, self._heard)
        self._tasks.run("presence is told", self._tell_forever)

    async def stop(self) -> None:
        """Stop. Nobody is said to be gone: their sockets come back elsewhere within moments."""
        await self._tasks.stop()

    def opened(self, person: UUID) -> None:
        """A socket of this person was opened."""
        if self._on and self._attendance.opened(person, monotonic()):
            self._circles.came(person)

    def closed(self, person: UUID) -> None:
        """A socket of this person is gone."""
        if self._on:
            self._attendance.closed(person, monotonic())

    def active(self, person: UUID) -> None:
        """The person did something."""
        if self._on:
            self._attendance.active(person, monotonic())

    def greet(self, socket: Socket) -> None:
        """Tell a socket, after its `welcome`, who is online or away."""
        if self._on:
            self._greetings.append(socket)

    def regrouped(self, channel: UUID) -> None:
        """Somebody joined or left a channel, or it was made, archived or reset."""
        if self._on:
            self._circles.regrouped(channel)

    # -- among the processes

    def _heard(self, process: str, news: bytes) -> None:
        if not self._on:
            return
        said = orjson.loads(news)
        states = {UUID(person): state for state in State for person in said.get(state, ())}
        self._attendance.heard(process, states, monotonic(), everybody=said["everybody"])
        if said["asks"]:
            self._heartbeat_at = 0.0

    def _announce(self, changed: States, at: float) -> None:
        """Tell the other processes what has changed here; now and then, everybody."""
        if self._moods.rests:
            self._attendance.rest(at)
            self._heartbeat_at, self._asks = 0.0, True
        elif at >= self._heartbeat_at:
            self._spread(self._attendance.own, everybody=True)
            self._heartbeat_at, self._asks = at + self._pace.heartbeat, False
            self._circles.forget(self._attendance.here)
        elif changed:
            self._spread(changed, everybody=False)

    def _spread(self, states: Mapping[UUID, State], *, everybody: bool) -> None:
        news: dict[str, Any] = {"everybody": everybody, "asks": everybody and self._asks}
        for person, state in states.items():
            news.setdefault(state.value, []).append(person)
        self._moods.spread(_TOPIC, orjson.dumps(news))

    # -- to the people here

    async def _tell_forever(self) -> None:
        while True:
            await asyncio.sleep(self._pace.tell)
            await self._tell(monotonic())

    async def _tell(self, at: float) -> None:
        """One round. Who comes while it waits for the database is of the next."""
        self._announce(self._attendance.look(at), at)
        self._attendance.expire(at)
        greetings, self._greetings = self._greetings, []
        try:
            regrouped = await self._circles.learn()
        except DatabaseUnavailable as error:
            _log.warning("presence waits", error=type(error).__name__)
            self._greetings = greetings + self._greetings
            return
        for socket in greetings:
            self._greet(socket)
            await asyncio.sleep(0)  # there may be thousands of them
        for one in regrouped:
            await self._reconsider(one)
        for person, state in self._attendance.changes().items():
            self._show(person, state, to=self._circles.around(person))
            await asyncio.sleep(0)

    def _greet(self, socket: Socket) -> None:
        """What the others were told before; what is new follows."""
        for person in () if socket.ended else self._circles.around(socket.person):
            state = self._attendance.told(person)
            if state is not State.OFFLINE:
                socket.put(_frame(person, state))

    async def _reconsider(self, regrouped: Regrouped) -> None:
        """Who is new in a channel sees the others, and they see them; who left does so no more.
        Those who share another channel see one another all along."""
        told = self._attendance.told
        for person in regrouped.joined:
            others = regrouped.after - self._circles.around(person, besides=regrouped.channel)
            for other in others - {person}:
                self._see(person, other, told(other))
                self._see(other, person, told(person))
            await asyncio.sleep(0)
        for person in regrouped.left:
            for other in regrouped.before - self._circles.around(person) - {person}:
                self._see(person, other, State.OFFLINE)
                self._see(other, person, State.OFFLINE)

    def _see(self, viewer: UUID, person: UUID, state: State) -> None:
        self._show(person, state, to=[viewer])

    def _show(self, person: UUID, state: State, *, to: Iterable[UUID]) -> None:
        here = self._attendance.here
        if viewers := [viewer for viewer in to if viewer in here]:
            self._to_people(viewers, _frame(person, state))


def _frame(person: UUID, state: State) -> bytes:
    return encode("presence", user=str(person), state=state)
