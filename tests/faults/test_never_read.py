"""Clients that do not read: what is kept for them is bounded, they are told, and let go; nobody
else notices."""

import asyncio
import time
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from uuid_utils.compat import uuid7

from accounts.models import User
from audit.clock import now
from messaging.models import Channel
from messaging.services.history import Past, write_history
from tests.conformance.scenes import truth
from tests.conformance.store import Store
from tests.faults.scenes import (
    LONG,
    Heard,
    counted,
    entered,
    heard_on,
    memory_of,
    percentile,
    until,
)
from tests.faults.web import Web
from tests.faults.wire import Wire
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)

TOO_SLOW = 4408
KERNEL_BYTES = 65_536
#: 1 MB, and what Python does not give back of other work; without a bound it would be 20 MB.
BOUND_BYTES = 8_000_000
PROMPT_SECONDS = 0.5
CLOSED = f'closed_total{{code="{TOO_SLOW}"}}'
FETCHES, PAGE = 500, 200


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User, dana: User) -> Channel:
    return channel_of(alice, bob, dana)


class Busy:
    """Alice writes long messages, one after the other.

    Attributes:
        took: seconds from a message's writing to its reading, by body.
        most: the most memory that the process held meanwhile, in bytes.
    """

    def __init__(self, web: Web, channel: Channel, author: User) -> None:
        self._web, self._channel, self._author = web, channel, author
        self._said: dict[str, float] = {}
        self.most = 0

    async def write(self, count: int) -> None:
        for number in range(count):
            body = f"{uuid4()} {LONG}"[:8_000]
            self._said[body] = time.monotonic()
            await sync_to_async(say)(self._author, self._channel, body)
            if number % 10 == 0:
                self.most = max(self.most, memory_of(self._web))

    async def heard_by(self, reader: Heard) -> list[float]:
        """Wait until the reader has everything; how long each message took."""
        await until(lambda: self._said.keys() <= reader.at.keys(), within=10)
        return [reader.at[body] - at for body, at in self._said.items()]


async def test_who_never_reads_is_told_and_let_go_and_nobody_else_waits(
    strict: Web, channel: Channel, alice: User, bob: User, dana: User
) -> None:
    behind, closed = counted(strict, "behind_total"), counted(strict, CLOSED)
    async with entered(strict, bob) as wire, heard_on(wire) as reader:
        before, during = [Busy(strict, channel, alice) for _ in range(2)]
        await before.write(50)
        usual = await before.heard_by(reader)
        async with entered(strict, dana, takes_in=KERNEL_BYTES) as sleeper:
            held = memory_of(strict)
            await during.write(400)
            assert during.most - held < BOUND_BYTES
            took = await during.heard_by(reader)
            assert percentile(took, 0.95) < max(PROMPT_SECONDS, 2 * percentile(usual, 0.95))
            assert counted(strict, "behind_total") == behind + 1
            await until(lambda: counted(strict, CLOSED) > closed)
            assert await sleeper.closed() == TOO_SLOW


async def test_who_wakes_up_in_time_fetches_and_has_everything(
    strict: Web, channel: Channel, alice: User, bob: User, dana: User
) -> None:
    behind = counted(strict, "behind_total")
    store, told = Store(), []
    async with entered(strict, dana, takes_in=KERNEL_BYTES) as dozer:
        dozer.say("hello", resume={})
        await _come_to(dozer, store, channel)
        busy = Busy(strict, channel, alice)
        async with asyncio.timeout(20):
            while counted(strict, "behind_total") == behind:
                await busy.write(20)
        told = await _come_to(dozer, store, channel)
        await busy.write(5)
        told += await _come_to(dozer, store, channel)
        await dozer.answers()
    assert "behind" in told
    assert store.channels[str(channel.id)].in_page_order() == await sync_to_async(truth)(channel)


async def _come_to(wire: Wire, store: Store, channel: Channel) -> list[str]:
    """Read until the store is where the channel is; the types of what was read."""
    await channel.arefresh_from_db()
    types = []
    async with asyncio.timeout(20):
        while not store.settled(str(channel.id), channel.head):
            frame = await wire.receive()
            types.append(frame["type"])
            for said in store.take(frame):
                wire.say(**said)
    return types


async def test_who_asks_on_and_on_without_reading_gets_no_more_than_is_read(
    strict: Web, channel: Channel, alice: User, bob: User, dana: User
) -> None:
    closed = counted(strict, CLOSED)
    await sync_to_async(_fill)(alice, channel)
    async with entered(strict, bob) as other, entered(strict, dana, takes_in=KERNEL_BYTES) as asks:
        page = await asks.ask("fetch", channel=channel.id, limit=PAGE)
        assert len(page["messages"]) >= PAGE / 2
        held = memory_of(strict)
        for _ in range(FETCHES):
            asks.say("fetch", channel=channel.id, limit=PAGE)
        most, fetched = held, counted(strict, 'frames_total{type="fetch"}')
        async with asyncio.timeout(20):
            while counted(strict, CLOSED) == closed:
                await other.answers(within=5)
                most = max(most, memory_of(strict))
                await asyncio.sleep(0.1)
        assert most - held < BOUND_BYTES
        assert counted(strict, 'frames_total{type="fetch"}') - fetched < FETCHES / 10
        assert await asks.closed() == TOO_SLOW


def _fill(author: User, channel: Channel) -> None:
    """A page that makes an answer of 1 MB."""
    write_history(
        [
            Past(id=uuid7(), channel=channel.id, author=author.id, sent_at=now(), text="x " * 1_000)
            for _ in range(PAGE)
        ],
        seed=1,
    )
