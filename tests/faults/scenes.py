"""What several of these tests need: tokens, a process's memory and counters, long messages."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.request import urlopen

import psycopg
from asgiref.sync import sync_to_async
from django.db import connection

from accounts.models import User
from accounts.services.tokens import create_token
from messaging.models import Channel
from tests.faults.product import Person
from tests.faults.web import Web
from tests.faults.wire import Wire, bearer, wired

#: 8,000 characters, which make a frame of 64 kB.
LONG = "🦉" * 8_000


async def person_of(user: User) -> Person:
    """Somebody of the cast with a token, as `generate` gives them."""
    made = await sync_to_async(create_token)(by=user, person=user, name="Script")
    return Person(email=user.email, id=str(user.id), token=made.secret, channels=())


async def headers_of(user: User) -> dict[str, str]:
    """Those of a program of this person."""
    return bearer((await person_of(user)).token)


@asynccontextmanager
async def entered(web: Web, person: User, *, takes_in: int | None = None) -> AsyncIterator[Wire]:
    """A socket that has been welcomed."""
    async with wired(web.websocket, await headers_of(person), takes_in=takes_in) as wire:
        wire.say("hello", resume={})
        await wire.next("welcome")
        yield wire


def memory_of(web: Web) -> int:
    """Bytes that the first process holds."""
    status = Path(f"/proc/{web.processes[0].process.pid}/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) * 1024


def counted(web: Web, name: str) -> float:
    """A counter of the first process, as /metrics has it."""
    with urlopen(f"{web.url}/metrics", timeout=20) as answer:  # noqa: S310  (our own server)
        lines = answer.read().decode().splitlines()
    return sum(float(line.split()[1]) for line in lines if line.startswith(f"schoolchat_{name} "))


@contextmanager
def elsewhere() -> Iterator[psycopg.Connection]:
    """Somebody else's connection, in one transaction."""
    given = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    with psycopg.connect(**{name: given[name] for name in names}) as other:
        yield other


@contextmanager
def held(*channels: Channel) -> Iterator[None]:
    """Somebody else works on these channels, as a disposal does."""
    with elsewhere() as holding:
        ids = [channel.id for channel in channels]
        holding.execute("SELECT FROM messaging_channel WHERE id = ANY (%s) FOR UPDATE", [ids])
        yield


async def until(condition: Callable[[], object], *, within: float = 30) -> None:
    """Until it is so; asked in a thread, since it may take its time."""
    async with asyncio.timeout(within):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110  (nobody tells us)
            await asyncio.sleep(0.02)


def percentile(values: Sequence[float], part: float) -> float:
    return sorted(values)[int(len(values) * part)]


class Heard:
    """When a reader heard the messages of its socket, by body; monotonic seconds."""

    def __init__(self, wire: Wire) -> None:
        self.at: dict[str, float] = {}
        self._wire = wire

    async def listen(self) -> None:
        while True:
            frame = await self._wire.receive()
            if frame["type"] == "message":
                self.at.setdefault(frame["message"]["body"], time.monotonic())


@asynccontextmanager
async def heard_on(wire: Wire) -> AsyncIterator[Heard]:
    """What is heard on this socket during the block."""
    heard = Heard(wire)
    listening = asyncio.create_task(heard.listen())
    yield heard
    listening.cancel()
