"""One websocket as the hub sees it: a bounded queue that one task empties."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from accounts.authentication import Signed
from messaging.live.frames import CLOSED_TOO_SLOW, encode

#: What a client may leave unread before it is told to fetch, and before it is closed.
BEHIND_BYTES = 1_000_000
CLOSE_BYTES = 2 * BEHIND_BYTES

type Send = Callable[[str], Coroutine[Any, Any, None]]
type Close = Callable[[int], Coroutine[Any, Any, None]]


class Socket:
    """A person's socket, and the session or token that it was opened with."""

    def __init__(self, *, signed: Signed, send: Send, close: Close) -> None:
        self.signed = signed
        self.person = signed.person
        self._send = send
        self._close = close
        self._waiting: deque[tuple[str, int]] = deque()
        self._bytes = 0
        self._something = asyncio.Event()
        self._behind: set[UUID] = set()
        self._writer = asyncio.create_task(self._write())
        self._closing: asyncio.Task[None] | None = None

    def put(self, frame: str, channel: UUID | None = None) -> None:
        """Queue a frame; never waits. A slow reader is told once a channel to fetch."""
        if self._bytes > BEHIND_BYTES and channel is not None:
            self._tell_behind(channel)
            return
        self._queue(frame)
        if self._bytes > CLOSE_BYTES:
            self.end(CLOSED_TOO_SLOW)

    def end(self, code: int) -> None:
        """Close the socket now, whatever still waits; the first reason is the one that is given."""
        if self._closing is None:
            self._writer.cancel()
            self._closing = asyncio.create_task(self._close(code))

    async def stop(self) -> None:
        """The socket is gone: let go of its queue."""
        self._writer.cancel()
        self._waiting.clear()

    def _tell_behind(self, channel: UUID) -> None:
        if channel not in self._behind:
            self._behind.add(channel)
            self._queue(encode("behind", channel=str(channel)))

    def _queue(self, frame: str) -> None:
        size = len(frame.encode())
        self._waiting.append((frame, size))
        self._bytes += size
        self._something.set()

    async def _write(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                frame, size = self._waiting.popleft()
                self._bytes -= size
                await self._send(frame)
            self._behind.clear()
