"""What the school shows of people, as this process knows it: read when it is rung for, and told to
every page that is open here."""

import asyncio
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import Error as DatabaseUnavailable
from django.utils.translation import override

from messaging.live.frames import encode
from messaging.live.lasting import Lasting
from messaging.live.presence import Presence
from messaging.live.rooms import Rooms
from messaging.models import Channel
from messaging.process.threads import in_thread
from messaging.school.queries import shown_now
from messaging.school.values import Extent, Shown

_log = structlog.get_logger("schoolchat.live")
_RETRY_SECONDS: Final = 0.5


class Showing:
    """The settings that hold here; until they are read, nothing is shown.

    Attributes:
        shown: what they are.
    """

    def __init__(self, rooms: Rooms, presence: Presence) -> None:
        self.shown = Shown()
        self._rooms = rooms
        self._presence = presence
        self._known = False
        self._stale = asyncio.Event()
        self._reading = asyncio.Lock()
        self._direct: dict[UUID, bool] = {}
        self._tasks = Lasting()

    def start(self) -> None:
        """Begin to take up what is changed."""
        self._tasks.run("settings of the school are read", self._read_forever)

    async def stop(self) -> None:
        """Stop."""
        await self._tasks.stop()

    def stale(self) -> None:
        """They are others now, or may be."""
        self._stale.set()

    async def told(self) -> dict[str, Any]:
        """What a page is told of them; they are read first where they never were."""
        if not self._known:
            await self._refresh()
        return self.shown.as_json()

    @property
    def hides_typing(self) -> bool:
        """Whether nobody hears that somebody is writing, wherever it is."""
        return self.shown.typing is Extent.OFF

    async def types_in(self, channel: UUID) -> bool:
        """Whether a channel's members hear that somebody is writing in it."""
        if self.shown.typing is Extent.DIRECT:
            return await self._is_direct(channel)
        return self.shown.typing is Extent.ON

    async def _is_direct(self, channel: UUID) -> bool:
        """A channel's kind never changes. Asked only for channels of whoever asks."""
        if channel not in self._direct:
            self._direct[channel] = await in_thread(_is_direct, channel)
        return self._direct[channel]

    async def _read_forever(self) -> None:
        while True:
            await self._stale.wait()
            self._stale.clear()
            try:
                await self._refresh()
            except DatabaseUnavailable as error:
                _log.warning("settings of the school wait", error=type(error).__name__)
                self._stale.set()
                await asyncio.sleep(_RETRY_SECONDS)

    async def _refresh(self) -> None:
        async with self._reading:
            found = await in_thread(shown_now)
            former, was_known = self.shown, self._known
            self.shown, self._known = found, True
            if found == former:
                return
            if found.presence is not former.presence:
                await self._presence.show(found.presence, self._rooms.sockets)
            if was_known:  # nobody is welcomed before
                self._tell()

    def _tell(self) -> None:
        """Before anything that is shown by them: pages forget what they were shown so far."""
        frames: dict[str, bytes] = {}
        for socket in self._rooms.sockets():
            if socket.language not in frames:
                frames[socket.language] = self._told_in(socket.language)
            socket.put(frames[socket.language])

    def _told_in(self, language: str) -> bytes:
        with override(language):
            return encode("school", school=self.shown.as_json())


def _is_direct(channel: UUID) -> bool:
    return Channel.objects.filter(id=channel, kind=Channel.Kind.DIRECT).exists()
