"""PostgreSQL away while people write: they are told, nothing is half stored, and it heals."""

import asyncio
import contextlib
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.faults.product import (
    Generated,
    Person,
    Running,
    keeper,
    manage,
    postmaster,
)
from tests.faults.writers import Noted, history, listen, page, say, socket_of

AWAY_SECONDS = 0.5
READERS = 8
PAUSE_SECONDS = 0.05


@asynccontextmanager
async def _away(running: Running) -> AsyncIterator[None]:
    """PostgreSQL is killed, and its keeper asleep, until the end of the block."""
    watchman, server = keeper(running.folder), postmaster(running.folder)
    os.kill(watchman, signal.SIGSTOP)
    os.kill(server, signal.SIGKILL)
    try:
        yield
    finally:
        os.kill(watchman, signal.SIGCONT)


async def _write_all_along(socket: Any, noted: Noted, channel: str) -> None:
    while True:
        await say(socket, noted, channel)
        await asyncio.sleep(PAUSE_SECONDS)


@asynccontextmanager
async def _writing(running: Running, person: Person, noted: Noted) -> AsyncIterator[None]:
    """A socket that writes and listens all along, and at the end sends again what was refused;
    it must never break."""
    async with socket_of(running.websocket, person) as socket:
        await socket.send('{"type": "hello", "resume": {}}')
        tasks = [
            asyncio.create_task(_write_all_along(socket, noted, person.channels[0])),
            asyncio.create_task(listen(socket, noted)),
        ]
        yield
        tasks[0].cancel()
        await noted.until(lambda: len(noted.sent.keys() | noted.unavailable) == len(noted.said))
        for ref in noted.unavailable - noted.sent.keys():
            await say(socket, noted, person.channels[0], ref=ref)
        await noted.until(lambda: len(noted.sent) == len(noted.said))
        tasks[1].cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)


async def test_senders_are_told_and_everything_works_again_without_a_restart(
    generated: Generated, running: Running
) -> None:
    writer, reader = generated.people[:2]
    noted, other = Noted(), Noted()
    async with socket_of(running.websocket, reader) as listening:
        await listening.send('{"type": "hello", "resume": {}}')
        hearing = asyncio.create_task(listen(listening, other))
        async with _writing(running, writer, noted):
            await noted.until(lambda: len(noted.sent) > 10)
            async with _away(running):
                await noted.until(lambda: noted.unavailable)
                await asyncio.sleep(AWAY_SECONDS)
            before = len(noted.sent)
            await noted.until(lambda: len(noted.sent) > before + 10)
        await other.until(lambda: set(noted.sent.values()) <= other.heard.keys())
        hearing.cancel()
    await _check(running, writer, noted)
    assert running.process.poll() is None


async def test_whoever_reads_is_answered_when_the_database_is_back(
    generated: Generated, running: Running
) -> None:
    person, noted = generated.people[0], Noted()
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(socket_of(running.websocket, person))
            for _ in range(READERS + 1)
        ]
        for socket in sockets:
            await socket.send('{"type": "hello", "resume": {}}')
        writing, *reading = sockets
        hearing = asyncio.create_task(listen(writing, noted))
        assert await _read_at_once(reading, person) == READERS
        async with _away(running):
            await _read_at_once(reading, person)
            await asyncio.to_thread(_is_told, running)
        while not noted.sent:
            await say(writing, noted, person.channels[0])
            await asyncio.sleep(PAUSE_SECONDS)
        # Each had a connection that is broken now. A few may be told to try again, until it is
        # known everywhere that the database is back.
        assert await _read_at_once(reading, person) > READERS // 2
        hearing.cancel()


def _is_told(running: Running) -> None:
    """A page says what is the matter, and when to try again."""
    address = urlsplit(running.url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=10)
    connection.request("GET", "/search/", headers={"Cookie": f"sessionid={'0' * 32}"})
    answer = connection.getresponse()
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer.headers["Retry-After"] == "10"
    assert "The server cannot reach its database." in answer.read().decode()
    connection.close()


async def _read_at_once(sockets: list[Any], person: Person) -> int:
    """How many of them are answered with what was said."""
    pages = [page(socket, person.channels[0]) for socket in sockets]
    found = await asyncio.gather(*pages, return_exceptions=True)
    return sum(isinstance(one, list) for one in found)


async def _check(running: Running, writer: Person, noted: Noted) -> None:
    """Each message once, with the words that were said, under an entry that proves it."""
    assert set(noted.refused) == {"unavailable"}
    async with socket_of(running.websocket, writer) as socket:
        found = await history(socket, writer.channels[0])
    refs = Counter(message["ref"] for message in found if message["ref"] in noted.said)
    assert refs == dict.fromkeys(noted.said, 1)
    bodies = {message["ref"]: message["body"] for message in found}
    assert {ref for ref, said in noted.said.items() if bodies[ref] != said} == set()
    verified = await asyncio.to_thread(manage, running.folder, "verify_audit")
    assert verified.returncode == 0, verified.stderr
