"""Two web processes with two hundred sockets: one is killed, and later both are asked to end."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from schoolchat.database.lease import leased
from tests.faults.crowd import Author, Crowd, Member
from tests.faults.product import Generated, Running, copy_of, family, said_of, served, until
from tests.faults.record import Record, check
from tests.faults.web import redis_server

AUTHORS = 6
POSTS = 25  # of each author
ENOUGH = 60  # answers before it happens; there is more to come then
LATE = 40  # sockets which, if they break, come back when everything has been written
RESTARTS = 1012
ENDS_WITHIN_SECONDS = 20.0


@pytest.fixture(scope="module")
def school(stopped: Path) -> Iterator[Running]:
    with redis_server() as redis, copy_of(stopped) as folder:
        with served(folder, "--workers", "2", REDIS_URL=redis.url) as running:
            until(lambda: len(web_processes(running)) == 2)
            yield running


def web_processes(running: Running) -> list[int]:
    named = b"schoolchat.serving.uvicorn"
    return [pid for pid in family(running.folder) if named in said_of(pid)]


def sockets_of(pid: int) -> int:
    """The open sockets of a process."""
    found = 0
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found += str(descriptor.readlink()).startswith("socket:")
    return found


def the_crowd(
    address: str, generated: Generated, *, sockets: int
) -> tuple[list[Author], list[Member]]:
    """Some who write, and with them everybody, on `sockets` each."""
    authors = [Author(address, person) for person in generated.people[:AUTHORS]]
    readers = [Member(address, person) for person in generated.people for _ in range(sockets)]
    return authors, [*authors, *readers[AUTHORS:]]


async def test_who_was_on_a_process_that_is_killed_misses_nothing(
    generated: Generated, school: Running
) -> None:
    authors, everybody = the_crowd(school.websocket, generated, sockets=4)
    async with Crowd(everybody) as crowd:
        writing = [asyncio.create_task(author.write(POSTS, pause=0.02)) for author in authors]
        await crowd.until(lambda: sum(author.answers for author in authors) >= ENOUGH)
        for one in everybody[-LATE:]:
            one.may_return.clear()
        os.kill(max(web_processes(school), key=sockets_of), signal.SIGKILL)
        await asyncio.gather(*writing)
        await crowd.until(lambda: all(author.settled for author in authors))
        for one in everybody[-LATE:]:
            one.may_return.set()
        record = Record(school.folder)
        await crowd.settle(record.heads())
        check(crowd, record)
        assert len([one for one in everybody if one.breaks]) >= len(everybody) / 4


async def test_who_is_there_when_it_ends_is_told_and_what_was_answered_is_kept(
    generated: Generated, school: Running
) -> None:
    """The last test here: nothing is being served after it."""
    authors, everybody = the_crowd(school.websocket, generated, sockets=1)
    async with Crowd(everybody) as crowd:
        writing = [asyncio.create_task(author.write(pause=0.02)) for author in authors]
        await crowd.until(lambda: sum(author.answers for author in authors) >= ENOUGH)
        school.process.terminate()
        status = await asyncio.to_thread(school.process.wait, ENDS_WITHIN_SECONDS)
        for task in writing:
            task.cancel()
    assert status == 0
    assert {one.breaks[0] for one in everybody} == {RESTARTS}
    with leased(school.folder):
        found = Record(school.folder).by_ref()
    meant = {ref: one for author in authors for ref, one in author.meant.items()}
    assert any(one.id is None for one in meant.values())
    assert {ref for ref in meant if len(found.get(ref, [])) > 1} == set()
    answered = {ref: one.id for ref, one in meant.items() if one.id}
    assert {ref: [row.id for row in found[ref]] for ref in answered} == {
        ref: [one] for ref, one in answered.items()
    }
