"""Moods: typing, one's own reading in another tab, who is there. They are never stored and heal by
themselves, so they go over the channel layer: in memory for one process, through Redis for several.

Nobody waits for the layer. What is said reaches the sockets of this process at once and then a
bounded queue, which one task empties; whatever waits goes together as one message of the layer.
While the layer is away, or hangs, what would go to other processes is lost, and nothing else.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

import structlog
from channels.exceptions import ChannelFull
from channels.layers import get_channel_layer
from django.conf import settings
from redis.exceptions import RedisError

from messaging.live.lasting import Lasting
from messaging.process import metrics

_log = structlog.get_logger("schoolchat.live")
#: An answer of the layer that takes longer does not come.
_PATIENCE_SECONDS: Final = 1.0
#: Pause after the layer was away.
_REST_SECONDS: Final = 1.0
#: How often a process says over the layer that it still listens, and hears itself say it.
_BEAT_SECONDS: Final = 20.0
#: Whoever has not even heard that listens to nothing any more.
_SILENCE_SECONDS: Final = 2 * _BEAT_SECONDS
#: When more than this waits, the oldest is dropped.
_MOST_WAITING_BYTES: Final = 4_000_000
_TOGETHER_BYTES: Final = 64 * 1024
_AWAY: Final = (OSError, RedisError, ChannelFull)
_ID_BYTES: Final = 16

type ToPeople = Callable[[Collection[UUID], bytes], None]
type Hear = Callable[[str, bytes], None]
#: People (their ids, joined) and a frame for them, or a topic and news of it.
type _Said = tuple[bytes | str, bytes]


class Moods:
    """One subscription of the process to the layer, whatever the number of its sockets.

    Attributes:
        name: what this process is called on the layer.
        rests: the layer did not answer when it was last asked.
    """

    def __init__(self, to_people: ToPeople, *, layer: Any = None) -> None:
        self._to_people = to_people
        self._layer = layer or get_channel_layer()
        self.name = uuid4().hex
        self.rests = False
        self._channel: str | None = None
        self._topics: dict[str, Hear] = {}
        self._waiting: deque[_Said] = deque()
        self._bytes = 0
        self._something = asyncio.Event()
        self._tasks = Lasting()

    def start(self) -> None:
        """Begin to hear, and to pass on what is said."""
        self._tasks.run("moods are heard", self._hear_forever)
        self._tasks.run("moods are said", self._say_forever)
        self._tasks.run("moods are kept up", self._beat_forever)

    async def stop(self) -> None:
        """Stop both."""
        await self._tasks.stop()
        if self._channel and not self.rests:
            with contextlib.suppress(*_AWAY):
                await self._ask(self._layer.group_discard(_group(), self._channel))

    def say(self, people: Collection[UUID], frame: bytes) -> None:
        """Pass a frame to these people in every process; never waits."""
        self._to_people(people, frame)
        self._put((b"".join(person.bytes for person in people), frame))

    def spread(self, topic: str, news: bytes) -> None:
        """Pass news to the other processes; never waits."""
        self._put((topic, news))

    def on(self, topic: str, hear: Hear) -> None:
        """Call `hear` with the process's name and the news when another one spreads some."""
        self._topics[topic] = hear

    def _put(self, said: _Said) -> None:
        self._waiting.append(said)
        self._bytes += _weight(said)
        while self._bytes > _MOST_WAITING_BYTES:
            self._next()
        self._something.set()

    def _next(self) -> _Said:
        said = self._waiting.popleft()
        self._bytes -= _weight(said)
        return said

    # -- saying

    async def _say_forever(self) -> None:
        while True:
            await self._something.wait()
            if not self._waiting:
                self._something.clear()
                continue
            event = {"type": "moods", "from": self.name, "said": self._take()}
            metrics.QUEUED_BY_NAME["moods"].set(len(self._waiting))
            if not await self._try(self._layer.group_send(_group(), event)):
                self._forget()  # by the time that somebody heard it, it would not be so any more
                await asyncio.sleep(_REST_SECONDS)

    def _forget(self) -> None:
        self._waiting.clear()
        self._bytes = 0

    def _take(self) -> list[_Said]:
        """What goes together: the first, and those after it that fit."""
        taken = [self._next()]
        room = _TOGETHER_BYTES - _weight(taken[0])
        while self._waiting and (room := room - _weight(self._waiting[0])) >= 0:
            taken.append(self._next())
        return taken

    # -- hearing

    async def _beat_forever(self) -> None:
        """The layer forgets who has not said for a day that he listens, and Redis forgets
        everything when it is started anew."""
        while True:
            await asyncio.sleep(_REST_SECONDS if self.rests else _BEAT_SECONDS)
            if self._channel:
                await self._try(self._join(self._channel))

    async def _join(self, channel: str) -> None:
        await self._layer.group_add(_group(), channel)
        await self._layer.send(channel, {"type": "beat"})

    async def _hear_forever(self) -> None:
        while True:
            self._channel = self._channel or await self._layer.new_channel()
            if await self._try(self._join(self._channel)):
                try:
                    await self._hear(self._channel)
                except _AWAY as error:
                    self._note(error)
            await asyncio.sleep(_REST_SECONDS)

    async def _hear(self, channel: str) -> None:
        while True:
            async with asyncio.timeout(_SILENCE_SECONDS):
                event = await self._layer.receive(channel)
            if event["type"] == "moods" and event["from"] != self.name:
                for to, body in event["said"]:
                    self._heard(event["from"], to, body)

    def _heard(self, name: str, to: bytes | str, body: bytes) -> None:
        if isinstance(to, bytes):
            people = range(0, len(to), _ID_BYTES)
            self._to_people([UUID(bytes=to[at : at + _ID_BYTES]) for at in people], body)
        elif hear := self._topics.get(to):
            hear(name, body)

    # -- the layer, which may be away

    async def _try(self, question: Awaitable[None]) -> bool:
        """Whether the layer answered."""
        try:
            await self._ask(question)
        except _AWAY as error:
            self._note(error)
            return False
        if self.rests:
            _log.info("moods are back")
        self.rests = False
        return True

    async def _ask(self, question: Awaitable[None]) -> None:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await question

    def _note(self, error: Exception) -> None:
        if not self.rests:
            _log.warning("moods rest", error=type(error).__name__)
        self.rests = True


def _weight(said: _Said) -> int:
    to, body = said
    return len(to) + len(body)


def _group() -> str:
    """Schools that share a Redis do not hear one another."""
    return f"moods.{sha256(settings.SECRET_KEY.encode()).hexdigest()[:16]}"
