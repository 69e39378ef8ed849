"""Sockets whose every frame is held against the protocol."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
import websockets
from asgiref.sync import sync_to_async

from accounts.models import User
from accounts.services.tokens import create_token
from messaging.models import Channel
from tests.conformance.frames import Message, check_frame, check_text
from tests.conformance.store import Held, Store
from tests.sockets import Client, Frame, Place, cookie_of, opened


class Tab(Client):
    """A client that looks twice at what it gets."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        super().__init__(socket)
        self.texts: list[str] = []

    async def receive(self) -> Frame:
        text = await self.socket.recv()
        check_text(text)
        frame: Frame = orjson.loads(text)
        check_frame(frame)
        self.texts.append(str(text))
        self.seen.append(frame)
        return frame

    async def refused(self, code: str, kind: str, **fields: object) -> Frame:
        """Ask, be refused with this code, and find the socket open."""
        error = await self.ask(kind, **fields)
        assert (error["type"], error.get("code")) == ("error", code), error
        await self.answers()
        return error

    async def hears(self, body: str) -> Frame:
        """The frame that brings a message with this body."""
        while True:
            frame = await self.next("message", "changed")
            if frame["message"]["body"] == body:
                return frame


class Follower(Tab):
    """A client by the book."""

    def __init__(self, socket: websockets.ClientConnection, store: Store) -> None:
        super().__init__(socket)
        self.store = store

    async def receive(self) -> Frame:
        frame = await super().receive()
        for said in self.store.take(frame):
            await self.say(**said)
        return frame

    async def settle(self, channel: Channel, within: float = 10) -> Held:
        """Come to where the channel is."""
        await channel.arefresh_from_db()
        async with asyncio.timeout(within):
            while not self.store.settled(str(channel.id), channel.head):
                await self.receive()
        return self.store.channels[str(channel.id)]

    async def hold_all(self, channel: Channel) -> list[Message]:
        """Settle, and load every page before; returns the conversation in page order."""
        held = await self.settle(channel)
        while held.older:
            await self.say(**held.before())
            held = await self.settle(channel)
        return held.in_page_order()


@asynccontextmanager
async def entered(server: Place, person: User) -> AsyncIterator[Tab]:
    """A socket that has said nothing yet; a token is made sooner than a session."""
    async with opened(server, await bearer(person)) as socket:
        yield Tab(socket)


@asynccontextmanager
async def present(server: Place, person: User) -> AsyncIterator[Tab]:
    """A socket that has said `hello`."""
    async with entered(server, person) as tab:
        await tab.hello()
        yield tab


@asynccontextmanager
async def following(
    server: Place, person: User, store: Store | None = None
) -> AsyncIterator[Follower]:
    """A client by the book, which goes on from its store."""
    async with opened(server, await bearer(person)) as socket:
        follower = Follower(socket, store or Store())
        await follower.hello(**follower.store.positions)
        yield follower


async def bearer(person: User) -> dict[str, str]:
    """The headers of a program of the person's."""
    made = await sync_to_async(create_token)(by=person, person=person, name="Script")
    return {"Authorization": f"Bearer {made.secret}"}


async def signed_in(server: Place, person: User) -> dict[str, str]:
    """The headers of a browser with the person's session."""
    return {"Cookie": await sync_to_async(cookie_of)(person), "Origin": server.url}
