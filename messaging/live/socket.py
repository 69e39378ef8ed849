"""One websocket as the hub sees it: never waited for, and bounded in what it may leave unread."""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol
from uuid import UUID

import structlog
from django.conf import settings

from accounts.authentication import Signed
from messaging.live.frames import CLOSED_TOO_SLOW, CLOSED_TRY_AGAIN, Parcel, encode
from messaging.process import metrics

_log = structlog.get_logger("schoolchat.live")
#: What a client may leave unread before it is told to fetch; settings.SLOW_SECONDS says how long.
BEHIND_BYTES: Final = 1_000_000

type Send = Callable[[dict[str, Any]], Awaitable[None]]


class Transport(Protocol):
    """What a server offers that takes ready frames, in the scope's extension of that name."""

    def write(self, data: bytes) -> None:
        """Send these bytes after all before them; never waits."""

    def close(self, code: int) -> None:
        """Close the websocket now, whatever was not read."""

    @property
    def lost(self) -> bool:
        """Whether the connection broke, without the client having said that it goes."""

    def watch(self, *, limit: int, full: Callable[[], None], free: Callable[[], None]) -> None:
        """Call `full` when more than `limit` bytes are not read, `free` when they mostly are."""


class Socket(ABC):
    """A person's socket, and the session or token that it was opened with.

    Attributes:
        language: in which sentences are said on it.
    """

    def __init__(self, signed: Signed) -> None:
        self.language: str = settings.LANGUAGE_CODE
        self.signed = signed
        self.person = signed.person
        self._full = False
        self._behind: set[UUID] = set()
        self._free = asyncio.Event()
        self._free.set()
        self._giving_up: asyncio.TimerHandle | None = None
        self.ended = False

    def deliver(self, parcel: Parcel, channel: UUID) -> None:
        """Live frames of a channel. A slow reader is told once to fetch it instead."""
        if not self._full:
            self._write(parcel)
        elif channel not in self._behind:
            self._behind.add(channel)
            metrics.BEHIND.inc()
            self._write(Parcel(encode("behind", channel=str(channel))))

    def put(self, payload: bytes) -> None:
        """An answer, or news of the person's own."""
        self._write(Parcel(payload))

    def mention(self, payload: bytes) -> None:
        """What heals by itself, as typing and presence: nothing for whoever reads too slowly."""
        if not self._full:
            self._write(Parcel(payload))

    async def drained(self) -> None:
        """Wait until the client has read most of what was sent: before more is made for it."""
        await self._free.wait()

    def end(self, code: int) -> None:
        """Close the socket now; the first reason is the one that is given."""
        if not self.ended:
            self.ended = True
            metrics.CLOSED_BY_CODE[str(code)].inc()
            self._close(code)
            self._free.set()

    def stop(self) -> None:
        """The socket is gone."""
        self.ended = True
        self._relieved()

    def _overfull(self) -> None:
        self._full = True
        self._free.clear()
        if self._giving_up is None:
            loop = asyncio.get_running_loop()
            self._giving_up = loop.call_later(settings.SLOW_SECONDS, self.end, CLOSED_TOO_SLOW)

    def _relieved(self) -> None:
        self._full = False
        self._behind.clear()
        self._free.set()
        if self._giving_up:
            self._giving_up.cancel()
            self._giving_up = None

    @property
    def lost(self) -> bool:
        """Whether the connection is known to be broken: the client comes back, and says again what
        was not answered."""
        return False

    @abstractmethod
    def _write(self, parcel: Parcel) -> None: ...

    @abstractmethod
    def _close(self, code: int) -> None: ...


class ReadySocket(Socket):
    """Frames go straight into the server's transport, the same bytes for everybody."""

    def __init__(self, signed: Signed, transport: Transport) -> None:
        super().__init__(signed)
        self._transport = transport
        transport.watch(limit=BEHIND_BYTES, full=self._overfull, free=self._relieved)

    @property
    def lost(self) -> bool:
        """As the transport says."""
        return self._transport.lost

    def _write(self, parcel: Parcel) -> None:
        self._transport.write(parcel.ready)

    def _close(self, code: int) -> None:
        self._transport.close(code)


class QueuedSocket(Socket):
    """On a server that offers nothing: a bounded queue that one task empties by ASGI's `send`."""

    def __init__(self, signed: Signed, send: Send) -> None:
        super().__init__(signed)
        self._send = send
        self._waiting: deque[Parcel] = deque()
        self._bytes = 0
        self._something = asyncio.Event()
        self._writer = asyncio.create_task(self._write_forever())
        self._writer.add_done_callback(self._written)
        self._closing: asyncio.Task[None] | None = None

    def stop(self) -> None:
        """Let go of the queue."""
        super().stop()
        self._writer.cancel()
        self._waiting.clear()

    def _write(self, parcel: Parcel) -> None:
        self._waiting.append(parcel)
        self._bytes += parcel.size
        self._something.set()
        if self._bytes > BEHIND_BYTES and not self._full:
            self._overfull()

    def _close(self, code: int) -> None:
        self._writer.cancel()
        self._closing = asyncio.ensure_future(self._say_close(code))

    async def _say_close(self, code: int) -> None:
        await self._send({"type": "websocket.close", "code": code})

    def _written(self, writer: asyncio.Task[None]) -> None:
        """A frame that the server could not send: without it the client would only be misled."""
        if not writer.cancelled() and (error := writer.exception()):
            _log.critical("a frame was not sent", error=type(error).__name__)
            self.end(CLOSED_TRY_AGAIN)

    async def _write_forever(self) -> None:
        try:
            while True:
                await self._something.wait()
                self._something.clear()
                while self._waiting:
                    await self._write_next()
        except OSError:
            return  # the client is gone, and the server says so to whoever receives

    async def _write_next(self) -> None:
        parcel = self._waiting.popleft()
        for text in parcel.texts:
            await self._send({"type": "websocket.send", "text": text})
        self._bytes -= parcel.size
        if self._full and self._bytes < BEHIND_BYTES // 4:
            self._relieved()
