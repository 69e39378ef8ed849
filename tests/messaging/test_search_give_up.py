"""A search that nobody waits for any more is ended in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import psycopg
import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections

from accounts.models import User
from messaging.live.line import conninfo
from tests.cast import client_of
from tests.scenes import channel_of, say
from tests.server import Server, serving

type Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

pytestmark = pytest.mark.django_db(transaction=True)

#: A search opens what it shows; nothing before it on the page does.
_LOCK = "LOCK TABLE messaging_messageversion IN ACCESS EXCLUSIVE MODE"
_HELD = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
_STEPS, _STEP_SECONDS = 500, 0.01


@pytest.fixture
def server(transactional_db: None) -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest_asyncio.fixture(autouse=True)
async def _close_the_threads_connection(transactional_db: None) -> AsyncIterator[None]:
    yield
    await sync_to_async(connections.close_all)()


async def _until_held(count: int) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as looking:
        for _ in range(_STEPS):
            found = await (await looking.execute(_HELD)).fetchone()
            if found == (count,):
                return
            await asyncio.sleep(_STEP_SECONDS)
    raise AssertionError("it did not come to pass")


@pytest.fixture
def asked(server: Server, alice: User, bob: User) -> Callable[[str], Awaitable[Streams]]:
    """`asked(address)`: what the server answers Bob, and where he goes away."""
    say(alice, channel_of(alice, bob), "Swimming is at nine")
    cookie = client_of(bob).cookies[settings.SESSION_COOKIE_NAME]
    head = f"Host: 127.0.0.1\r\nCookie: {cookie.key}={cookie.value}\r\n\r\n"

    async def ask(address: str) -> Streams:
        answer, browser = await asyncio.open_connection("127.0.0.1", server.port)
        browser.write(f"GET {address} HTTP/1.1\r\n{head}".encode())
        return answer, browser

    return ask


@pytest.mark.parametrize("address", ["/search/?q=swimming", "/search/?q=swimming&sort=best"])
async def test_a_search_is_ended_when_its_browser_goes_away(
    address: str, asked: Callable[[str], Awaitable[Streams]]
) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo()) as locking:
        await locking.execute(_LOCK)
        _, browser = await asked(address)
        await _until_held(1)

        browser.close()
        await _until_held(0)


async def test_one_that_is_waited_for_is_answered(
    asked: Callable[[str], Awaitable[Streams]],
) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo()) as locking:
        await locking.execute(_LOCK)
        answer, browser = await asked("/search/?q=swimming")
        await _until_held(1)

    assert await answer.readline() == b"HTTP/1.1 200 OK\r\n"
    browser.close()
