"""What the websocket's server does inside its process; what it says to others is in
tests/conformance."""

import asyncio
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, transaction

from accounts.models import ApiToken, User
from accounts.services.tokens import create_token
from audit.clock import now
from messaging import bell
from messaging.live.listening import Listener
from messaging.process.threads import in_thread
from tests.scenes import channel_of, settle
from tests.server import Server
from tests.sockets import Client, connected, opened

pytestmark = pytest.mark.django_db(transaction=True)


@transaction.atomic
def ring_once() -> None:
    bell.ring((uuid4(), 1))


async def test_a_token_that_ends_by_itself_closes_its_socket(
    server: Server, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.live.hub._CHECK_SECONDS", 0.1)
    made = await sync_to_async(create_token)(by=alice, person=alice, name="script")
    async with opened(server, {"Authorization": f"Bearer {made.secret}"}) as socket:
        client = Client(socket)
        await client.hello()
        await ApiToken.objects.filter(pk=made.token.pk).aupdate(expires_at=now())
        assert await client.closed(within=3) == 4403


async def test_typing_is_passed_on_again_after_its_rest(
    server: Server, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.consumers._TYPING_SECONDS", 0.3)
    channel = await sync_to_async(channel_of)(alice, bob)
    await sync_to_async(settle)(typing="on")
    async with connected(server, alice) as a, connected(server, bob) as b:
        await a.hello()
        await b.hello()
        for _ in range(2):
            for _ in range(3):
                await a.say("typing", channel=channel.id)
            await b.next("typing")
            await b.hears_nothing("typing", within=0.35)


async def test_the_listener_begins_again_when_catching_up_fails(transactional_db: None) -> None:
    heard, listening = asyncio.Event(), asyncio.Event()
    failures = [OperationalError("too many connections"), ZeroDivisionError()]

    async def missed() -> None:
        if failures:
            raise failures.pop()
        listening.set()

    listener = Listener(lambda _bell: heard.set(), missed)
    listener.start()
    try:
        async with asyncio.timeout(10):
            await listening.wait()
            await in_thread(ring_once)
            await heard.wait()
    finally:
        await listener.stop()
