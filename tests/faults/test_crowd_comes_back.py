"""A school that comes back at once: nobody who is there waits for it, and all are let in."""

import asyncio
import time
from collections.abc import Mapping

import pytest

from accounts.models import User
from messaging.models import Channel
from tests.faults.scenes import entered, headers_of, heard_on
from tests.faults.web import Web
from tests.faults.wire import wired
from tests.scenes import channel_of

pytestmark = pytest.mark.django_db(transaction=True)

COMING = 500
HEARD_WITHIN_SECONDS = 1.0


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


async def _come(web: Web, headers: Mapping[str, str], stay: asyncio.Event) -> None:
    async with wired(web.websocket, headers) as wire:
        wire.say("hello", resume={})
        await wire.next("welcome", within=60)
        await stay.wait()


async def test_five_hundred_who_come_at_once_are_let_in_and_keep_nobody_waiting(
    pair: Web, channel: Channel, alice: User, bob: User
) -> None:
    one = pair.at(0)
    headers, leave = await headers_of(alice), asyncio.Event()
    async with entered(one, alice) as a, entered(one, bob) as b, heard_on(b) as heard:
        await a.ask("send", channel=channel.id, body="Before")
        crowd = [asyncio.create_task(_come(one, headers, leave)) for _ in range(COMING)]
        said: dict[str, float] = {}
        for number in range(30):
            body = f"Meanwhile {number}"
            said[body] = time.monotonic()
            a.say("send", channel=channel.id, body=body)
            await asyncio.sleep(0.1)
        leave.set()
        await asyncio.gather(*crowd)
        last = await a.ask("send", channel=channel.id, body="All are here")
        await asyncio.sleep(0.2)
    assert last["type"] == "sent"
    slowest = max(heard.at[body] - at for body, at in said.items())
    assert slowest < HEARD_WITHIN_SECONDS
