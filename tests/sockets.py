"""A websocket client that speaks the protocol, for tests."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import websockets
from asgiref.sync import sync_to_async
from django.conf import settings

from accounts.models import User
from tests.cast import client_of
from tests.server import Server


class Client:
    """One tab: sends frames, and waits for the frame it asks for."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.seen: list[dict[str, Any]] = []

    async def say(self, kind: str, **fields: Any) -> str:
        ref = str(fields.pop("ref", uuid4()))
        await self.socket.send(json.dumps({"type": kind, "ref": ref, **fields}, default=str))
        return ref

    async def next(self, *kinds: str, within: float = 5) -> dict[str, Any]:
        """The next frame of one of these kinds; others are kept in `seen`."""
        import asyncio

        async with asyncio.timeout(within):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.recv())
                self.seen.append(frame)
                if frame["type"] in kinds:
                    return frame

    async def hello(self, **resume: int) -> dict[str, Any]:
        await self.say("hello", resume=resume)
        return await self.next("welcome")

    async def send(self, channel: UUID, body: str, **more: Any) -> dict[str, Any]:
        ref = await self.say("send", channel=channel, body=body, **more)
        answer = await self.next("sent", "error")
        assert answer["ref"] == ref
        return answer


def cookie_of(person: User) -> str:
    client = client_of(person)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@asynccontextmanager
async def connected(server: Server, person: User) -> AsyncIterator[Client]:
    """A signed-in socket."""
    cookie = await sync_to_async(cookie_of)(person)
    headers = {"Cookie": cookie, "Origin": server.url}
    async with websockets.connect(
        server.websocket, additional_headers=headers, compression=None
    ) as socket:
        yield Client(socket)
