"""Two instances with two data folders, side by side: neither knows of the other."""

import asyncio
from pathlib import Path

import pytest
import websockets

from tests.faults.product import Generated, Person, Running, served
from tests.faults.writers import Noted, history, repeat, say, socket_of


async def _write(address: str, person: Person) -> str:
    async with socket_of(address, person) as socket:
        noted = Noted()
        ref = await say(socket, noted, person.channels[0])
        await repeat(socket, noted, person.channels[0], {ref})
    return ref


async def _refs(address: str, person: Person) -> set[str]:
    async with socket_of(address, person) as socket:
        return {message["ref"] for message in await history(socket, person.channels[0])}


async def test_each_has_its_own_people_messages_and_keys(
    generated: Generated, running: Running, folder: Path
) -> None:
    """The copy has the same people, so that only the data folders keep the two apart."""
    person = generated.people[0]
    with served(folder) as other:
        here, there = await _write(running.websocket, person), await _write(other.websocket, person)
        assert {here, there} & await _refs(running.websocket, person) == {here}
        assert {here, there} & await _refs(other.websocket, person) == {there}
        await asyncio.to_thread(other.kill)
        assert here in await _refs(running.websocket, person)
        with pytest.raises((OSError, websockets.InvalidHandshake)):
            await _write(other.websocket, person)
