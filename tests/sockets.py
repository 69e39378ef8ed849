"""A websocket client that speaks the protocol, for tests."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol
from uuid import UUID, uuid4

import websockets
from asgiref.sync import sync_to_async
from django.conf import settings

from accounts.models import User
from tests.cast import client_of

type Frame = dict[str, Any]


class Place(Protocol):
    """Where a server is to be found."""

    @property
    def url(self) -> str:
        """Its pages, as an Origin says it."""
        ...

    @property
    def websocket(self) -> str:
        """Its websocket; with several processes, that of the one whose turn it is."""
        ...


class Client:
    """One tab: sends frames, and waits for the frame it asks for."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.seen: list[Frame] = []
        self._waiting: list[Frame] = []

    async def say(self, kind: str, **fields: Any) -> str:
        """Send a frame; returns its `ref`."""
        ref = str(fields.pop("ref", uuid4()))
        await self.socket.send(json.dumps({"type": kind, "ref": ref, **fields}, default=str))
        return ref

    async def receive(self) -> Frame:
        """The next frame from the server, whatever it is."""
        frame: Frame = json.loads(await self.socket.recv())
        self.seen.append(frame)
        return frame

    async def next(self, *kinds: str, within: float = 5, **fields: Any) -> Frame:
        """The next frame of one of these kinds and with these fields. Others wait until they are
        asked for: `sent` and one's own `message` come in either order."""

        def wanted(frame: Frame) -> bool:
            return frame["type"] in kinds and fields.items() <= frame.items()

        for waiting in filter(wanted, self._waiting):
            self._waiting.remove(waiting)
            return waiting
        async with asyncio.timeout(within):
            while not wanted(frame := await self.receive()):
                self._waiting.append(frame)
        return frame

    async def ask(self, kind: str, **fields: Any) -> Frame:
        """Send a frame, and wait for the answer with its `ref`."""
        ref = await self.say(kind, **fields)
        return await self.next("sent", "done", "changes", "error", ref=ref)

    async def hello(self, **resume: int) -> Frame:
        """`hello`, answered by `welcome`."""
        await self.say("hello", resume=resume)
        return await self.next("welcome")

    async def send(self, channel: UUID, body: str, **more: Any) -> Frame:
        """`send`, answered by `sent` or an error."""
        return await self.ask("send", channel=channel, body=body, **more)

    async def follows(self, **settings: str) -> None:
        """The page was told that these settings of the school hold."""
        async with asyncio.timeout(5):
            while not settings.items() <= self._school().items():
                await self.receive()

    def _school(self) -> Frame:
        told = [frame["school"] for frame in self.seen if "school" in frame]
        return dict(told[-1]) if told else {}

    async def answers(self) -> None:
        """The socket is open, and whoever is at its other end answers."""
        token = str(uuid4())
        await self.say("ping", t=token)
        await self.next("pong", t=token)

    async def hears_nothing(self, *kinds: str, within: float = 0.2) -> None:
        """No frame of these kinds has come, nor does one come in these seconds."""
        try:
            frame = await self.next(*kinds, within=within)
        except TimeoutError:
            return
        raise AssertionError(f"heard {frame}")

    async def closed(self, within: float = 1) -> int | None:
        """The code that the server closes the socket with, in these seconds."""
        async with asyncio.timeout(within):
            await self.socket.wait_closed()
        return self.socket.close_code


def cookie_of(person: User) -> str:
    """The header of a signed-in browser."""
    client = client_of(person)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@asynccontextmanager
async def opened(
    server: Place, headers: Mapping[str, str]
) -> AsyncIterator[websockets.ClientConnection]:
    """A websocket opened with these headers."""
    async with websockets.connect(
        server.websocket, additional_headers=headers, compression=None
    ) as socket:
        yield socket


@asynccontextmanager
async def connected(server: Place, person: User) -> AsyncIterator[Client]:
    """A signed-in socket."""
    cookie = await sync_to_async(cookie_of)(person)
    async with opened(server, {"Cookie": cookie, "Origin": server.url}) as socket:
        yield Client(socket)
