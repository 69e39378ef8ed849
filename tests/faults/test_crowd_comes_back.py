"""A school that comes back at once: nobody who is there waits for it, and all are let in."""

import asyncio
import time
from collections.abc import Mapping

import pytest

from accounts.models import User
from messaging.models import Channel
from tests.faults.scenes import entered, headers_of, heard_on, until
from tests.faults.web import Web
from tests.faults.wire import wired
from tests.scenes import channel_of

pytestmark = pytest.mark.django_db(transaction=True)

COMING = 500
#: While a message was on its way; if those who come were served first it would be nearly all.
MOST_LET_IN_BEFORE = COMING / 2


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


async def _come(web: Web, headers: Mapping[str, str], stay: asyncio.Event) -> float:
    """When it was let in."""
    async with wired(web.websocket, headers) as wire:
        wire.say("hello", resume={})
        await wire.next("welcome", within=60)
        let_in = time.monotonic()
        await stay.wait()
    return let_in


async def test_five_hundred_who_come_at_once_are_let_in_and_keep_nobody_waiting(
    pair: Web, channel: Channel, alice: User, bob: User
) -> None:
    """However busy the machine is: what is said meanwhile overtakes most of the crowd."""
    one = pair.at(0)
    headers, leave = await headers_of(alice), asyncio.Event()
    async with entered(one, alice) as a, entered(one, bob) as b, heard_on(b) as heard:
        await a.ask("send", channel=channel.id, body="Before")
        await until(lambda: "Before" in heard.at)
        crowd = [asyncio.create_task(_come(one, headers, leave)) for _ in range(COMING)]
        said: dict[str, float] = {}
        for number in range(30):
            body = f"Meanwhile {number}"
            said[body] = time.monotonic()
            a.say("send", channel=channel.id, body=body)
            await asyncio.sleep(0.1)
        leave.set()
        let_in = await asyncio.gather(*crowd)
        last = await a.ask("send", channel=channel.id, body="All are here")
        await until(lambda: "All are here" in heard.at)
    assert last["type"] == "sent"
    waited_for = [sum(at < each < heard.at[body] for each in let_in) for body, at in said.items()]
    assert sum(waited_for) > 0
    assert max(waited_for) < MOST_LET_IN_BEFORE
