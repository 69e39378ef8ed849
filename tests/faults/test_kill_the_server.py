"""SIGKILL in the middle of a burst: what was answered `sent` is there afterwards, once."""

import asyncio
import contextlib
from collections import Counter
from pathlib import Path

import websockets

from tests.faults.product import Generated, Person, Running, manage, served
from tests.faults.writers import Noted, history, listen, repeat, say, socket_of

ENOUGH_SENT = 40  # answers before the kill
PAUSE_SECONDS = 0.003  # between two messages of a person


async def _write(address: str, person: Person, noted: Noted, channel: str) -> None:
    """On and on, without waiting for answers, so that some are under way whenever it ends."""
    async with socket_of(address, person) as socket:
        listening = asyncio.create_task(listen(socket, noted))
        with contextlib.suppress(websockets.ConnectionClosed):
            while not listening.done():
                await say(socket, noted, channel)
                await asyncio.sleep(PAUSE_SECONDS)
        await listening


async def _burst_and_kill(running: Running, people: tuple[Person, ...], noted: Noted) -> None:
    """All write at once; everything is killed while they do."""
    channel = people[0].channels[0]
    writers = [
        asyncio.create_task(_write(running.websocket, person, noted, channel)) for person in people
    ]
    await noted.until(lambda: len(noted.sent) >= ENOUGH_SENT)
    await asyncio.to_thread(running.kill)
    await asyncio.gather(*writers, return_exceptions=True)


async def _read(running: Running, person: Person) -> Counter[str]:
    async with socket_of(running.websocket, person) as socket:
        return Counter(message["ref"] for message in await history(socket, person.channels[0]))


async def _send_the_rest(running: Running, person: Person, noted: Noted) -> None:
    async with socket_of(running.websocket, person) as socket:
        lost = set(noted.said) - noted.sent.keys()
        await repeat(socket, noted, person.channels[0], lost)


async def test_every_answered_message_is_there_once_and_the_rest_can_be_sent_again(
    generated: Generated, folder: Path
) -> None:
    one, *others = generated.people[:3]
    mine, theirs = Noted(), Noted()
    with served(folder) as running:
        channel = one.channels[0]
        alone = asyncio.create_task(_write(running.websocket, one, mine, channel))
        await _burst_and_kill(running, tuple(others), theirs)
        await asyncio.gather(alone, return_exceptions=True)
    answered = mine.sent.keys() | theirs.sent.keys()
    assert len(answered) < len(mine.said) + len(theirs.said)
    with served(folder) as running:
        found = await _read(running, one)
        assert {ref for ref in answered if found[ref] != 1} == set()
        await _send_the_rest(running, one, mine)
        found = await _read(running, one)
        assert {ref for ref in mine.said if found[ref] != 1} == set()
        verified = await asyncio.to_thread(manage, folder, "verify_audit")
    assert verified.returncode == 0, verified.stderr
