"""Presence among several processes, over a real Redis: killed, late, and with Redis away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from uuid import UUID

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from channels_redis.core import RedisChannelLayer

from accounts.models import User
from messaging.live import presence
from messaging.live.attendance import Pace
from messaging.live.moods import Moods
from messaging.live.presence import Presence
from messaging.models import Channel
from messaging.school.values import Extent
from schoolchat.environment import channel_layers
from tests.faults.web import Redis, redis_server, web_processes
from tests.patience import until
from tests.scenes import channel_of, settle
from tests.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)

QUICK = Pace(tell=0.05, heartbeat=0.2, expiry=0.6, linger=0.5)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "Pace", lambda: QUICK)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def redis() -> Iterator[Redis]:
    with redis_server() as running:
        yield running


class Process:
    """What a web process has of presence, with a layer of its own."""

    def __init__(self, redis: Redis) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("REDIS_URL", redis.url)
            self.layer = RedisChannelLayer(**channel_layers("x")["default"]["CONFIG"])
        self.shown: list[tuple[UUID, bytes]] = []
        self.moods = Moods(lambda *_: None, layer=self.layer)
        self.presence = Presence(
            self.moods,
            lambda people, frame: self.shown.extend((person, frame) for person in people),
        )

    async def start(self) -> None:
        self.moods.start()
        await self.presence.show(Extent.ON, tuple)

    async def stop(self) -> None:
        await self.presence.stop()
        await self.moods.stop()
        await self.layer.close_pools()

    def told(self, viewer: User, person: User, state: str) -> int:
        frame = b'{"type":"presence","user":"%s","state":"%s"}'
        wanted = frame % (str(person.id).encode(), state.encode())
        return self.shown.count((viewer.id, wanted))


@pytest_asyncio.fixture
async def two(on: None, redis: Redis) -> AsyncIterator[tuple[Process, Process]]:
    here, there = Process(redis), Process(redis)
    for one in (here, there):
        await one.start()
    yield here, there
    for one in (here, there):
        await one.stop()


async def test_other_processes_are_told_and_one_that_was_killed_is_forgotten(
    two: tuple[Process, Process], channel: Channel, alice: User, bob: User
) -> None:
    here, there = two
    here.presence.opened(alice.id)
    there.presence.opened(bob.id)
    await until(lambda: here.told(alice, bob, "online") == there.told(bob, alice, "online") == 1)
    await asyncio.sleep(2 * QUICK.expiry)
    assert len(here.shown) == len(there.shown) == 1, "heartbeats keep people there, in silence"
    await there.stop()  # says nothing
    await until(lambda: here.told(alice, bob, "offline") == 1)


async def test_no_process_waits_for_the_heartbeat_of_another(
    on: None,
    redis: Redis,
    channel: Channel,
    alice: User,
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = Pace(tell=0.05, heartbeat=60, expiry=100, linger=0.2)
    monkeypatch.setattr(presence, "Pace", lambda: slow)
    async with AsyncExitStack() as stack:
        here, there = Process(redis), Process(redis)
        for one in (here, there):
            stack.push_async_callback(one.stop)
        await here.start()
        here.presence.opened(alice.id)
        await asyncio.sleep(0.5)
        await there.start()
        there.presence.opened(bob.id)
        # It asks when it begins,
        await until(lambda: there.told(bob, alice, "online") == 1)
        # says what changes,
        there.presence.closed(bob.id)
        await until(lambda: here.told(alice, bob, "offline") == 1)
        # and says everything when Redis is back.
        redis.kill()
        await until(lambda: there.moods.rests, within=25)
        there.presence.opened(bob.id)
        await asyncio.sleep(0.5)
        redis.start()
        await until(lambda: here.told(alice, bob, "online") == 2)


async def test_without_redis_what_was_said_last_stands_and_it_heals(
    two: tuple[Process, Process], redis: Redis, channel: Channel, alice: User, bob: User
) -> None:
    here, there = two
    here.presence.opened(alice.id)
    there.presence.opened(bob.id)
    await until(lambda: here.told(alice, bob, "online") == 1)
    redis.kill()
    await asyncio.sleep(3 * QUICK.expiry)
    assert here.told(alice, bob, "offline") == 0
    there.presence.closed(bob.id)
    await asyncio.sleep(2 * QUICK.linger)
    assert here.told(alice, bob, "offline") == 0
    redis.start()
    await until(lambda: here.told(alice, bob, "offline") == 1)


async def test_it_goes_between_real_processes(
    redis: Redis, channel: Channel, alice: User, bob: User
) -> None:
    await sync_to_async(settle)(presence="on")
    with web_processes("uvicorn", count=2, redis=redis.url) as web:
        async with connected(web, alice) as hers, connected(web, bob) as his:
            for client in (hers, his):
                await client.hello()
            await hers.next("presence", user=str(bob.id), state="online", within=10)
            await his.next("presence", user=str(alice.id), state="online", within=10)
