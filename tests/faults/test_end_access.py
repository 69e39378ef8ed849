"""Whoever may not be there any more is out within a second, whatever is open."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
import websockets
from asgiref.sync import sync_to_async

from accounts.models import User
from accounts.services.people import deactivate_person
from accounts.services.tokens import create_token, revoke_token
from tests.cast import client_of
from tests.server import Server
from tests.sockets import cookie_of

pytestmark = pytest.mark.django_db(transaction=True)

NO_LONGER_ALLOWED = 4403
WITHIN_SECONDS = 1.0


def _by_cookie(server: Server, cookie: str) -> Any:
    headers = {"Cookie": cookie, "Origin": server.url}
    return websockets.connect(server.websocket, additional_headers=headers, compression=None)


def _by_token(server: Server, token: str) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return websockets.connect(server.websocket, additional_headers=headers, compression=None)


async def _settle(*sockets: Any) -> None:
    """Signed in, every one of them, with the process listening."""
    for socket in sockets:
        await socket.send('{"type": "hello", "resume": {}}')
        assert '"welcome"' in await socket.recv()
    await asyncio.sleep(0.1)


async def _closed(act: Callable[[], object], *sockets: Any) -> None:
    """Each is closed with 4403 within a second of the act's end."""
    await sync_to_async(act)()
    done = time.monotonic()
    for socket in sockets:
        async with asyncio.timeout(WITHIN_SECONDS - (time.monotonic() - done)):
            await socket.wait_closed()
        assert socket.close_code == NO_LONGER_ALLOWED


async def _still_there(socket: Any) -> None:
    await socket.send('{"type": "ping", "t": 7}')
    assert '"pong"' in await socket.recv()


async def test_deactivation_closes_every_socket_of_a_person_and_of_nobody_else(
    server: Server, alice: User, bob: User, theo: User
) -> None:
    token = (await sync_to_async(create_token)(by=bob, person=bob, name="Script")).secret
    cookies = [await sync_to_async(cookie_of)(one) for one in (bob, bob, alice)]
    async with (
        _by_cookie(server, cookies[0]) as desk,
        _by_cookie(server, cookies[1]) as phone,
        _by_token(server, token) as script,
        _by_cookie(server, cookies[2]) as hers,
    ):
        await _settle(desk, phone, script, hers)
        await _closed(lambda: deactivate_person(by=theo, person_id=bob.id), desk, phone, script)
        await _still_there(hers)
    async with _by_cookie(server, cookies[0]) as again:
        await again.wait_closed()
        assert again.close_code in {4401, NO_LONGER_ALLOWED}


async def test_signing_out_closes_the_sockets_of_that_session_alone(
    server: Server, bob: User
) -> None:
    here, there = [await sync_to_async(client_of)(bob) for _ in range(2)]
    cookies = [f"sessionid={client.cookies['sessionid'].value}" for client in (here, there)]
    async with _by_cookie(server, cookies[0]) as one, _by_cookie(server, cookies[1]) as other:
        await _settle(one, other)
        await _closed(lambda: here.post("/accounts/logout/"), one)
        await _still_there(other)
        await _closed(lambda: there.post("/accounts/sessions/end-all/"), other)


async def test_a_revoked_token_closes_its_sockets(server: Server, bob: User) -> None:
    made = await sync_to_async(create_token)(by=bob, person=bob, name="Script")
    cookie = await sync_to_async(cookie_of)(bob)
    async with _by_token(server, made.secret) as script, _by_cookie(server, cookie) as desk:
        await _settle(script, desk)
        await _closed(lambda: revoke_token(by=bob, token_id=made.token.pk), script)
        await _still_there(desk)


async def test_a_change_that_was_rolled_back_closes_nothing(
    server: Server, bob: User, theo: User
) -> None:
    from django.db import transaction

    def think_better_of_it() -> None:
        with transaction.atomic():
            deactivate_person(by=theo, person_id=bob.id)
            transaction.set_rollback(True)

    cookie = await sync_to_async(cookie_of)(bob)
    async with _by_cookie(server, cookie) as desk:
        await _settle(desk)
        await sync_to_async(think_better_of_it)()
        await asyncio.sleep(WITHIN_SECONDS / 2)
        await _still_there(desk)
