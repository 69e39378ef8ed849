"""Two web processes, and the Redis between them killed: facts arrive all the same, moods rest."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections

from accounts.models import User
from accounts.services.people import deactivate_person
from messaging.models import Channel
from tests.faults.web import Redis, Web, redis_server, web_processes
from tests.scenes import channel_of
from tests.sockets import Client, connected

pytestmark = pytest.mark.django_db(transaction=True)

WITHIN_SECONDS = 1.0


@pytest.fixture
def redis() -> Iterator[Redis]:
    with redis_server() as running:
        yield running


@pytest.fixture
def web(transactional_db: None, redis: Redis) -> Iterator[Web]:
    with web_processes("uvicorn", count=2, redis=redis.url) as running:
        yield running


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest_asyncio.fixture(autouse=True)
async def _close_the_threads_connection(transactional_db: None) -> AsyncIterator[None]:
    yield
    await sync_to_async(connections.close_all)()


async def _closed_within_a_second(*clients: Client) -> None:
    async with asyncio.timeout(WITHIN_SECONDS):
        for client in clients:
            await client.socket.wait_closed()
    assert {client.socket.close_code for client in clients} == {4403}


async def test_messages_and_closed_accounts_need_no_redis(
    web: Web, redis: Redis, channel: Channel, alice: User, bob: User, theo: User
) -> None:
    async with AsyncExitStack() as stack:
        hers = await stack.enter_async_context(connected(web, alice))  # type: ignore[arg-type]
        here = await stack.enter_async_context(connected(web, bob))  # type: ignore[arg-type]
        there = await stack.enter_async_context(connected(web, bob))  # type: ignore[arg-type]
        for client in (hers, here, there):
            await client.hello()
        await hers.say("typing", channel=channel.id)
        for client in (here, there):
            assert (await client.next("typing"))["user"] == str(alice.id)
        redis.kill()
        late = await stack.enter_async_context(connected(web, bob))  # type: ignore[arg-type]
        await late.hello()
        await hers.send(channel.id, "Without Redis")
        for client in (here, there, late):
            assert (await client.next("message"))["message"]["body"] == "Without Redis"
        await sync_to_async(deactivate_person)(by=theo, person_id=bob.id)
        await _closed_within_a_second(here, there, late)
        await hers.say("typing", channel=channel.id)
        await hers.say("ping", t=1)
        await hers.next("pong")
