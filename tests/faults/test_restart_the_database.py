"""PostgreSQL goes while people write, and `serve` brings it back: sockets stay open, everything is
stored once, and everybody has it."""

import asyncio
import os
import signal

import pytest

from tests.faults.crowd import Author, Crowd, Member
from tests.faults.product import Generated, Running, postmaster
from tests.faults.record import Record, check

AUTHORS = 3
READERS = 10
PAUSE_SECONDS = 0.02
ENOUGH = 40  # answers to each, before it happens and afterwards


async def _go_on(crowd: Crowd, authors: list[Author]) -> None:
    """Until each of them has been answered so often again."""
    enough = {author: author.answers + ENOUGH for author in authors}
    await crowd.until(lambda: all(author.answers > enough[author] for author in authors))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "stopped"])
async def test_everything_is_stored_once_and_no_socket_breaks(
    generated: Generated, running: Running, how: signal.Signals
) -> None:
    people, address = generated.people, running.websocket
    authors = [Author(address, person) for person in people[:AUTHORS]]
    readers = [Member(address, person) for person in people[:READERS]]
    async with Crowd([*authors, *readers]) as crowd:
        writing = [asyncio.create_task(author.write(pause=PAUSE_SECONDS)) for author in authors]
        await _go_on(crowd, authors)
        os.kill(postmaster(running.folder), how)
        await _go_on(crowd, authors)
        for task in writing:
            task.cancel()
        await crowd.until(lambda: all(author.settled for author in authors))
        record = Record(running.folder)
        await crowd.settle(record.heads())
        check(crowd, record)
        assert [one.breaks for one in crowd.members] == [[]] * len(crowd.members)
    assert {code for author in authors for code in author.refused} <= {"unavailable"}
