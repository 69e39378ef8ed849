"""A pong that stands behind unread frames is waited for, and silence is not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
import websockets

from schoolchat.serving.ready_frames import ReadyFrames
from tests.faults.wire import handshake

PING_SECONDS = 0.1
PATIENCE_SECONDS = 0.3

type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]


async def slow(scope: Any, receive: Receive, send: Send) -> None:
    """Takes its time for each frame, as when the database is away, and says that it has it."""
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        await asyncio.sleep(PATIENCE_SECONDS * 2)
        await send({"type": "websocket.send", "text": event["text"]})


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    config = uvicorn.Config(
        slow,
        port=0,
        lifespan="off",
        log_level="error",
        ws=ReadyFrames,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PATIENCE_SECONDS,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield f"ws://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    await task


async def test_who_has_said_much_is_kept_until_all_of_it_is_read() -> None:
    said = ["one", "two", "three"]
    async with serving() as address, websockets.connect(address, ping_interval=None) as socket:
        for text in said:
            await socket.send(text)
        assert [await socket.recv() for _ in said] == said


async def test_who_says_nothing_at_all_is_let_go() -> None:
    async with serving() as address:
        where = address.removeprefix("ws://").rstrip("/").split(":")
        reader, writer = await asyncio.open_connection(where[0], int(where[1]))
        writer.write(handshake(address, {}))
        async with asyncio.timeout(20):
            heard = await reader.read(-1)  # up to the end: no ping is answered
        assert (1011).to_bytes(2) + b"keepalive ping timeout" in heard
        writer.close()
