"""PostgreSQL away while people write: they are told, nothing is half stored, and it heals."""

import asyncio
import contextlib
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.faults.product import (
    Generated,
    Person,
    Running,
    keeper,
    manage,
    postmaster,
    served,
    until,
)
from tests.faults.writers import Noted, history, listen, repeat, say, socket_of

AWAY_SECONDS = 1.5
PAUSE_SECONDS = 0.01


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
async def _writing(running: Running, person: Person, noted: Noted) -> AsyncIterator[Any]:
    """A socket that writes and listens all along; it must never break."""
    async with socket_of(running.websocket, person) as socket:
        await socket.send('{"type": "hello", "resume": {}}')
        tasks = [
            asyncio.create_task(_write_all_along(socket, noted, person.channels[0])),
            asyncio.create_task(listen(socket, noted)),
        ]
        yield socket
        tasks[0].cancel()
        while len(noted.sent.keys() | noted.unavailable) < len(noted.said):
            await asyncio.sleep(PAUSE_SECONDS)
        tasks[1].cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)


async def _till(condition: Any) -> None:
    async with asyncio.timeout(40):
        while not condition():
            await asyncio.sleep(PAUSE_SECONDS)


async def test_senders_are_told_and_everything_works_again_without_a_restart(
    generated: Generated, folder: Path
) -> None:
    writer, reader = generated.people[:2]
    noted, other = Noted(), Noted()
    with served(folder) as running:
        async with socket_of(running.websocket, reader) as listening:
            await listening.send('{"type": "hello", "resume": {}}')
            hearing = asyncio.create_task(listen(listening, other))
            async with _writing(running, writer, noted) as socket:
                await _till(lambda: len(noted.sent) > 10)
                async with _away(running):
                    await _till(lambda: noted.refused["unavailable"] > 3)
                    await asyncio.sleep(AWAY_SECONDS)
                before = len(noted.sent)
                await _till(lambda: len(noted.sent) > before + 10)
            await repeat(socket, noted, writer.channels[0], noted.unavailable - noted.sent.keys())
            await _till(lambda: set(noted.sent.values()) <= other.heard.keys())
            hearing.cancel()
        await _check(running, writer, noted)
        assert running.process.poll() is None


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


def test_a_stopped_server_is_started_again(generated: Generated, folder: Path) -> None:
    """`pg_ctl stop` by somebody who meant well."""
    with served(folder):
        before = postmaster(folder)
        os.kill(before, signal.SIGINT)
        until(lambda: _is_another(folder, before))


def _is_another(folder: Path, before: int) -> bool:
    try:
        return postmaster(folder) != before
    except (FileNotFoundError, IndexError):
        return False
