"""Many who ask for pages while the database is slow: a few are worked on at a time, none of the
others is refused, and the chat goes on."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final
from urllib.request import Request, urlopen

import psycopg
import pytest

from accounts.models import User
from messaging.models import Channel
from schoolchat.turns import AT_A_TIME
from tests.faults.scenes import elsewhere, entered, headers_of, until
from tests.faults.web import Web
from tests.scenes import channel_of

pytestmark = pytest.mark.django_db(transaction=True)

ASKING: Final = 40
#: What one page alone needs.
_TABLE: Final = "messaging_savedmessage"


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


def _ask(asked: Request) -> int:
    with urlopen(asked, timeout=60) as answer:  # noqa: S310  (our own server)
        return int(answer.status)


def _waiting(other: psycopg.Connection) -> int:
    """How many pages stand before the table."""
    asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
    found = other.execute(asked, [_TABLE]).fetchone()
    return int(found[0]) if found else 0


async def test_pages_that_hang_leave_connections_to_the_chat_and_none_is_refused(
    pair: Web, channel: Channel, alice: User, bob: User
) -> None:
    web, loop = pair.at(0), asyncio.get_running_loop()
    page = Request(f"{web.url}/messages/saved/", headers=await headers_of(alice))  # noqa: S310
    with ThreadPoolExecutor(ASKING) as staff:
        with elsewhere() as other:
            other.execute(f"LOCK TABLE {_TABLE}")
            asked = [loop.run_in_executor(staff, partial(_ask, page)) for _ in range(ASKING)]
            await until(lambda: _waiting(other) >= AT_A_TIME)
            async with entered(web, bob) as wire:
                opened = await wire.ask("fetch", channel=channel.id, limit=10)
                assert opened["type"] == "changes"
                assert (await wire.ask("send", channel=channel.id, body="Here"))["type"] == "sent"
            assert _waiting(other) == AT_A_TIME
        assert await asyncio.gather(*asked) == [200] * ASKING
