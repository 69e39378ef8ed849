"""A search of the desk that nobody waits for is ended in PostgreSQL, and stays on record."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.live.line import conninfo
from messaging.models import Channel
from oversight.inquiry import Inquiry
from oversight.models import SearchRecord
from oversight.services.searches import open_search
from tests.leaving import HELD, ask, until
from tests.oversight.conftest import REASON
from tests.scenes import say
from tests.server import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fence_far_away")]

SEARCHES = "SELECT count(*) FROM oversight_searchrecord"
FORM = {"reason": REASON, "words": "swimming", "span": "all", "name": "Oliver"}


@pytest.fixture
def search(server: Server, year_5: Channel, bob: User, dana: User) -> SearchRecord:
    """Dana's, which found one message."""
    say(bob, year_5, "Oliver cried about the swimming")
    return open_search(by=dana, inquiry=Inquiry(reason=REASON, words="swimming", name="Oliver"))


@asynccontextmanager
async def _held_until_it_ends() -> AsyncIterator[None]:
    """Whoever opens a message inside waits, and the block ends when nobody does any more."""
    async with await psycopg.AsyncConnection.connect(conninfo()) as locking:
        await locking.execute("LOCK TABLE messaging_messageversion IN ACCESS EXCLUSIVE MODE")
        yield
        await until(HELD, 0)


def _entries(action: Action) -> list[Entry]:
    return list(Entry.objects.filter(action=action).order_by("id"))


@pytest.mark.parametrize("again", [False, True])
async def test_what_was_asked_is_on_record_when_the_browser_goes_away(
    again: bool, server: Server, desk: Client, search: SearchRecord
) -> None:
    address = f"/safeguarding/searches/{f'{search.number}/again' if again else 'new'}/"
    async with _held_until_it_ends():
        _, going = await ask(server, desk, address, {} if again else FORM)
        await until(HELD, 1)
        going.close()

    await until(SEARCHES, 2)
    left = await SearchRecord.objects.alatest("number")
    assert (left.hits, left.partial, left.kept) == (0, True, True)
    _, entry = await sync_to_async(_entries)(Action.RECORD_SEARCHED)
    assert entry.subject == left.uid
    assert (entry.facts["hits"], entry.facts["partial"]) == (0, True)
    await search.arefresh_from_db()
    assert search.kept != again
    found = await sync_to_async(desk.get)(f"/safeguarding/searches/{left.number}/")
    assert "<mark>swimming</mark>" in found.content.decode()


async def test_results_that_nobody_waits_for_are_ended_and_were_not_shown(
    server: Server, desk: Client, search: SearchRecord
) -> None:
    for query in ("", "?sort=best"):
        async with _held_until_it_ends():
            _, going = await ask(server, desk, f"/safeguarding/searches/{search.number}/{query}")
            await until(HELD, 1)
            going.close()

    assert await sync_to_async(_entries)(Action.RECORD_SHOWN) == []
