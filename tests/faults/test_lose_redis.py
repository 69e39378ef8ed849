"""Two web processes and a Redis between them that goes: facts arrive all the same, on both, and
people sign in and out; typing rests, and heals."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from asgiref.sync import sync_to_async
from channels_redis.core import RedisChannelLayer
from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.services.people import deactivate_person
from messaging.models import Channel
from schoolchat.environment import channel_layers
from tests.faults.sentinel import watched_redis
from tests.faults.web import Redis, Web, redis_server, web_processes
from tests.scenes import channel_of, settle
from tests.sockets import Client, connected, cookie_of, opened

pytestmark = pytest.mark.django_db(transaction=True)

NOT_ALLOWED = 4403
HEALED_WITHIN_SECONDS = 6.0
#: Longer than redis-py's own time-out and than channels_redis waits at a time.
IDLE_SECONDS = 6.0
PASSWORD = "copper kettle on the hob"
TOKEN = "t" * 32  # of the form that Django's protection of forms wants


@pytest.fixture(scope="module")
def server() -> Iterator[Redis]:
    with redis_server() as running:
        yield running


@pytest.fixture(scope="module")
def processes(django_db_setup: None, server: Redis) -> Iterator[Web]:
    with web_processes("uvicorn", count=2, redis=server.url) as running:
        yield running


@pytest.fixture
def redis(server: Redis) -> Iterator[Redis]:
    """There at the beginning of each test, and again at its end."""
    yield server
    if server.process.poll() is not None:
        server.start()


@pytest.fixture
def web(processes: Web, transactional_db: None) -> Web:
    return processes


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    settle(typing="on")
    return channel_of(alice, bob)


async def _typing_arrives(web: Web, channel: Channel, alice: User, hears: Client) -> bool:
    """Said to the first process; each socket may say so once in 3 s, so each time on another."""
    async with connected(web.at(0), alice) as hers:
        await hers.say("typing", channel=channel.id)
        try:
            await hears.next("typing", user=str(alice.id), within=0.5)
        except TimeoutError:
            return False
        return True


async def _typing_heals(web: Web, channel: Channel, alice: User, hears: Client) -> None:
    deadline = time.monotonic() + HEALED_WITHIN_SECONDS
    while not await _typing_arrives(web, channel, alice, hears):
        assert time.monotonic() < deadline


async def test_messages_edits_and_deletions_need_no_redis(
    web: Web, redis: Redis, channel: Channel, alice: User, bob: User
) -> None:
    async with AsyncExitStack() as stack:
        hers = await stack.enter_async_context(connected(web.at(0), alice))
        here = await stack.enter_async_context(connected(web.at(0), bob))
        there = await stack.enter_async_context(connected(web.at(1), bob))
        for client in (hers, here, there):
            await client.hello()
        await _typing_heals(web, channel, alice, there)
        redis.kill()
        late = await stack.enter_async_context(connected(web.at(1), bob))
        await late.hello()
        his = (here, there, late)
        message = (await hers.send(channel.id, "Without Redis"))["message"]
        for client in his:
            heard = (await client.next("message", within=1))["message"]
            assert (heard["id"], heard["body"]) == (message["id"], "Without Redis")
        assert (await hers.ask("edit", message=message["id"], body="Still"))["type"] == "done"
        for client in his:
            assert (await client.next("changed", within=1))["message"]["body"] == "Still"
        assert (await hers.ask("delete", message=message["id"]))["type"] == "done"
        for client in his:
            assert (await client.next("changed", within=1))["message"]["deleted_at"]
        assert not await _typing_arrives(web, channel, alice, there)
        await hers.answers()


async def test_who_signs_out_on_one_process_is_out_on_the_other_within_a_second(
    web: Web, redis: Redis, channel: Channel, bob: User
) -> None:
    cookie = await sync_to_async(cookie_of)(bob)
    headers = {"Cookie": cookie, "Origin": web.url}
    async with opened(web.at(0), headers) as one, opened(web.at(1), headers) as two:
        async with connected(web.at(1), bob) as elsewhere:
            here, there = Client(one), Client(two)
            for client in (here, there, elsewhere):
                await client.hello()
            redis.kill()
            answer = await asyncio.to_thread(_post, web, "/accounts/logout/", {}, cookie)
            assert answer == 302
            assert [await client.closed() for client in (here, there)] == [NOT_ALLOWED] * 2
            await elsewhere.answers()


async def test_a_closed_account_is_out_of_every_process_within_a_second(
    web: Web, redis: Redis, channel: Channel, bob: User, theo: User
) -> None:
    async with connected(web.at(0), bob) as here, connected(web.at(1), bob) as there:
        for client in (here, there):
            await client.hello()
        redis.kill()
        await sync_to_async(deactivate_person)(by=theo, person_id=bob.id)
        assert [await client.closed() for client in (here, there)] == [NOT_ALLOWED] * 2


async def test_typing_heals_when_redis_returns(
    web: Web, redis: Redis, channel: Channel, alice: User, bob: User
) -> None:
    async with connected(web.at(1), bob) as his:
        await his.hello()
        await _typing_heals(web, channel, alice, his)
        redis.kill()
        assert not await _typing_arrives(web, channel, alice, his)
        redis.start()
        await _typing_heals(web, channel, alice, his)


async def test_typing_goes_on_with_another_master(
    transactional_db: None, channel: Channel, alice: User, bob: User
) -> None:
    with watched_redis() as watched:
        with web_processes("uvicorn", count=2, **watched.environment) as web:
            async with connected(web.at(1), bob) as his:
                await his.hello()
                await _typing_heals(web, channel, alice, his)
                watched.kill_master()
                assert not await _typing_arrives(web, channel, alice, his)
                await _typing_heals(web, channel, alice, his)


def test_people_sign_in_without_redis_and_guessing_is_counted_over_both_processes(
    web: Web, redis: Redis, alice: User, bob: User
) -> None:
    for person in (alice, bob):
        person.password = make_password(PASSWORD, hasher="argon2")
        person.save(update_fields=["password"])
    redis.kill()
    assert _sign_in(web.at(0), bob, PASSWORD) == 302
    assert _sign_in(web.at(1), bob, PASSWORD) == 302
    for number in range(5):
        assert _sign_in(web.at(number % 2), alice, "a wrong guess") == 200
    for number in range(2):
        assert _sign_in(web.at(number), alice, PASSWORD) == 200  # refused, though it is right
    assert _sign_in(web.at(0), bob, PASSWORD) == 302


def _sign_in(web: Web, person: User, password: str) -> int:
    return _post(web, "/accounts/login/", {"login": person.email, "password": password})


class _Stay(HTTPRedirectHandler):
    """A redirection is an answer."""

    def redirect_request(self, *_redirection: object) -> None:
        return None

    def http_error_302(self, _request: object, answer: object, *_more: object) -> object:
        return answer


def _post(web: Web, path: str, form: dict[str, str], cookie: str = "") -> int:
    """The status of the answer."""
    headers = {"Cookie": f"csrftoken={TOKEN}; {cookie}", "X-CSRFToken": TOKEN, "Origin": web.url}
    request = Request(f"{web.url}{path}", urlencode(form).encode(), headers)  # noqa: S310
    with build_opener(_Stay).open(request, timeout=20) as answer:
        return int(answer.status)


async def test_a_layer_that_was_idle_still_hears(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis.url)
    layer = RedisChannelLayer(**channel_layers("a secret")["default"]["CONFIG"])
    name = await layer.new_channel()
    await layer.group_add("idle", name)
    hearing = asyncio.create_task(layer.receive(name))
    await asyncio.sleep(IDLE_SECONDS)
    await layer.group_send("idle", {"type": "at last", "at": time.time()})
    async with asyncio.timeout(1):
        assert (await hearing)["type"] == "at last"
    await layer.close_pools()
