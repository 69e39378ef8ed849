"""What is said over the channel layer, on a real Redis: it arrives, and nobody waits for it."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from channels.layers import InMemoryChannelLayer
from channels_redis.core import RedisChannelLayer
from pytest_django import Settings

from messaging.live import moods
from messaging.live.moods import Moods
from schoolchat.environment import channel_layers
from tests.faults.web import Redis, redis_server
from tests.patience import until

ALICE, BOB = uuid4(), uuid4()


class Process:
    """What a web process has of moods: what its sockets were told stands in `told`."""

    def __init__(self, layer: Any) -> None:
        self.layer = layer
        self.told: list[tuple[UUID, bytes]] = []
        self.moods = Moods(self._tell, layer=layer)

    def _tell(self, people: Collection[UUID], frame: bytes) -> None:
        self.told += [(person, frame) for person in people]

    async def hears(self, frame: bytes, *, person: UUID = BOB, within: float = 5) -> None:
        await until(lambda: (person, frame) in self.told, within=within)


@pytest.fixture
def redis() -> Iterator[Redis]:
    with redis_server() as running:
        yield running
        running.process.send_signal(signal.SIGCONT)


@asynccontextmanager
async def process(redis: Redis, *, secret: str = "x") -> AsyncIterator[Process]:
    """As in a process of its own: with a layer and connections of its own, listening."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDIS_URL", redis.url)
        layer = RedisChannelLayer(**channel_layers(secret)["default"]["CONFIG"])
    started = Process(layer)
    started.moods.start()
    try:
        await until(lambda: started.moods._channel is not None)
        await asyncio.sleep(0.1)
        yield started
    finally:
        await started.moods.stop()
        await layer.close_pools()


async def test_what_is_said_reaches_every_process_once(redis: Redis) -> None:
    async with process(redis) as here, process(redis) as there:
        here.moods.say([ALICE, BOB], b"typing")
        assert here.told == [(ALICE, b"typing"), (BOB, b"typing")]
        await there.hears(b"typing")
        await asyncio.sleep(0.2)
        assert there.told == here.told == [(ALICE, b"typing"), (BOB, b"typing")]


async def test_news_reaches_the_other_processes(redis: Redis) -> None:
    heard: list[tuple[str, bytes]] = []
    async with process(redis) as here, process(redis) as there:
        for one in (here, there):
            one.moods.on("who", lambda name, news: heard.append((name, news)))
        here.moods.spread("nobody cares", b"")
        here.moods.spread("who", BOB.bytes)
        await until(lambda: bool(heard))
        await asyncio.sleep(0.2)
        assert heard == [(here.moods.name, BOB.bytes)]


async def test_what_waits_goes_together(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    async with process(redis) as here, process(redis) as there:
        sent = 0
        send = here.layer.group_send

        async def counted(*given: Any) -> None:
            nonlocal sent
            sent += 1
            await send(*given)

        monkeypatch.setattr(here.layer, "group_send", counted)
        frames = [b"%d" % number + b" " * 1_000 for number in range(100)]
        for frame in frames:
            here.moods.say([BOB], frame)
        await there.hears(frames[-1])
    assert [frame for _, frame in there.told] == frames
    assert sent == 2


async def test_nobody_waits_for_a_redis_that_hangs_and_it_heals(redis: Redis) -> None:
    async with process(redis) as here, process(redis) as there:
        redis.process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        for number in range(2_000):
            here.moods.say([BOB], b"%d" % number + b" " * 10_000)
        assert time.monotonic() - began < 0.5
        assert here.told[-1][1].startswith(b"1999 ")
        assert sum(len(frame) for _, frame in here.moods._waiting) <= 4_000_000
        await until(lambda: here.moods.rests)
        assert time.monotonic() - began < 2
        here.moods.say([BOB], b"to those who are here")
        await asyncio.sleep(1.5)
        redis.process.send_signal(signal.SIGCONT)
        await until(lambda: not here.moods.rests)
        here.moods.say([BOB], b"again")
        await there.hears(b"again")
        # What waited would be news of long ago.
        assert not any(frame.startswith(b"1999 ") for _, frame in there.told)


async def test_a_redis_that_was_killed_and_started_anew_is_found_again(redis: Redis) -> None:
    async with process(redis) as here, process(redis) as there:
        redis.kill()
        here.moods.say([BOB], b"lost")
        await until(lambda: here.moods.rests and there.moods.rests)
        redis.start()
        await until(lambda: not here.moods.rests and not there.moods.rests)
        here.moods.say([BOB], b"found")
        await there.hears(b"found")


async def test_a_group_that_the_layer_forgot_is_joined_anew(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moods, "_BEAT_SECONDS", 0.2)
    async with process(redis) as here, process(redis) as there:
        await here.layer.connection(0).flushall()
        await asyncio.sleep(0.5)
        here.moods.say([BOB], b"still here")
        await there.hears(b"still here")


class DeafAtFirst(InMemoryChannelLayer):  # type: ignore[misc]  # channels has no types
    """A connection on which nothing arrives any more, though nobody has closed it."""

    deaf = True

    async def receive(self, channel: str) -> dict[str, Any]:
        if self.deaf:
            self.deaf = False
            await asyncio.sleep(60)
        found: dict[str, Any] = await super().receive(channel)
        return found


async def test_who_hears_nothing_not_even_themselves_listens_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moods, "_SILENCE_SECONDS", 0.2)
    layer = DeafAtFirst()
    here, there = Process(InMemoryChannelLayer()), Process(layer)
    here.moods._layer = layer
    there.moods.start()
    here.moods.start()
    try:
        await until(lambda: there.moods.rests)
        await until(lambda: not there.moods.rests)
        here.moods.say([BOB], b"hello?")
        await there.hears(b"hello?")
    finally:
        await here.moods.stop()
        await there.moods.stop()


async def test_schools_that_share_a_redis_do_not_hear_one_another(
    redis: Redis, settings: Settings
) -> None:
    settings.SECRET_KEY = "one school"
    async with process(redis, secret="one school") as here:
        settings.SECRET_KEY = "the other"
        async with process(redis, secret="the other") as there:
            there.moods.say([BOB], b"ours")
            await asyncio.sleep(0.3)
            assert here.told == []
            assert there.told == [(BOB, b"ours")]
            here.moods.say([BOB], b"theirs")
            await asyncio.sleep(0.3)
            assert (BOB, b"theirs") not in there.told
        settings.SECRET_KEY = "one school"


async def test_a_process_that_ends_leaves_the_group(redis: Redis) -> None:
    async with process(redis) as here:
        group = here.layer._group_key(moods._group())
        async with process(redis):
            assert await here.layer.connection(0).zcard(group) == 2
        assert await here.layer.connection(0).zcard(group) == 1
