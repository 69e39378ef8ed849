"""A search that nobody waits for any more is ended in PostgreSQL."""

import psycopg
import pytest
from django.test import Client

from accounts.models import User
from messaging.live.line import conninfo
from tests.cast import client_of
from tests.leaving import HELD, ask, until
from tests.scenes import channel_of, say
from tests.server import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fence_far_away")]

#: What a search looks candidates up in, and what it opens them from; nothing before it on the page
#: needs either.
LOCKS = {
    "the index": "DO $$ BEGIN EXECUTE (SELECT format('LOCK TABLE search.%I', max(tablename))"
    " FROM pg_tables WHERE schemaname = 'search'); END $$",
    "the bodies": "LOCK TABLE messaging_messageversion IN ACCESS EXCLUSIVE MODE",
}


@pytest.fixture
def browser(server: Server, alice: User, bob: User) -> Client:
    """Bob's, who finds what Alice wrote."""
    say(alice, channel_of(alice, bob), "Swimming is at nine")
    return client_of(bob)


@pytest.mark.parametrize("held", LOCKS)
@pytest.mark.parametrize("address", ["/search/?q=swimming", "/search/?q=swimming&sort=best"])
async def test_a_search_is_ended_when_its_browser_goes_away(
    held: str, address: str, server: Server, browser: Client
) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo()) as locking:
        await locking.execute(LOCKS[held].encode())
        _, going = await ask(server, browser, address)
        await until(HELD, 1)

        going.close()
        await until(HELD, 0)


async def test_one_that_is_waited_for_is_answered(server: Server, browser: Client) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo()) as locking:
        await locking.execute(LOCKS["the bodies"].encode())
        answer, going = await ask(server, browser, "/search/?q=swimming")
        await until(HELD, 1)

    assert await answer.readline() == b"HTTP/1.1 200 OK\r\n"
    going.close()
