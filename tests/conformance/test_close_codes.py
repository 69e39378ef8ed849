"""When the server closes a socket, and what it says then."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client as Browser
from websockets.exceptions import ConnectionClosed

from accounts.models import User
from accounts.services.people import deactivate_person
from accounts.services.tokens import NewToken, create_token, revoke_token
from tests.cast import client_of
from tests.conformance.tab import Tab, entered, present, signed_in
from tests.sockets import Place, opened

pytestmark = pytest.mark.django_db(transaction=True)

TOO_LONG, SIGNED_OUT, NOT_ALLOWED = 1009, 4401, 4403
FRAME_BYTES = 256 * 1024
PROCESSES = 2  # at most, and sockets go to them by turns


@asynccontextmanager
async def everywhere(server: Place, headers: dict[str, str]) -> AsyncIterator[list[Tab]]:
    """A socket at each process, all opened alike, and settled."""
    async with AsyncExitStack() as stack:
        tabs = []
        for _ in range(PROCESSES):
            tab = Tab(await stack.enter_async_context(opened(server, headers)))
            await tab.hello()
            tabs.append(tab)
        yield tabs


async def ends(act: Callable[[], object], *tabs: Tab) -> None:
    """Each is closed with 4403 within a second of the act's end."""
    await sync_to_async(act)()
    closed = await asyncio.gather(*(tab.closed(within=1) for tab in tabs))
    assert closed == [NOT_ALLOWED] * len(tabs)


async def _token_of(person: User) -> NewToken:
    return await sync_to_async(create_token)(by=person, person=person, name="Script")


def _bearer(made: NewToken) -> dict[str, str]:
    return {"Authorization": f"Bearer {made.secret}"}


def _headers_of(browser: Browser, server: Place) -> dict[str, str]:
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}", "Origin": server.url}


def _ping(size: int) -> str:
    """A ping of exactly so many bytes."""
    return '{"type":"ping","t":"' + "x" * (size - 22) + '"}'


async def test_a_frame_of_256_kib_is_read_and_one_byte_more_closes_with_1009(
    server: Place, alice: User
) -> None:
    async with entered(server, alice) as a:
        await a.socket.send(_ping(FRAME_BYTES))
        assert len((await a.next("pong"))["t"]) == FRAME_BYTES - 22
        await a.socket.send(_ping(FRAME_BYTES + 1))
        assert await a.closed(within=5) == TOO_LONG


async def test_pieces_that_make_more_than_256_kib_close_with_1009(
    server: Place, alice: User
) -> None:
    text = _ping(FRAME_BYTES + 1)
    async with entered(server, alice) as a:
        await a.socket.send([text[:200_000], text[200_000:]])
        assert await a.closed(within=5) == TOO_LONG


async def test_what_is_far_too_long_closes_with_1009_as_well(server: Place, alice: User) -> None:
    """The code has to reach somebody who is still sending."""
    text = _ping(10 * FRAME_BYTES)
    for sent in (text, *3 * [[text[:200_000], text[200_000:]]]):
        async with entered(server, alice) as a:
            with contextlib.suppress(ConnectionClosed):
                await a.socket.send(sent)
            assert await a.closed(within=5) == TOO_LONG


async def test_who_is_not_signed_in_is_closed_with_4401(server: Place) -> None:
    for headers in (
        {"Origin": server.url},
        {"Origin": server.url, "Cookie": "sessionid=nobodys"},
        {"Origin": server.url, "Cookie": 'sessionid="\\'},
        {"Authorization": "Bearer schoolchat_nobodys"},
        {"Authorization": "Basic YWxpY2U6eA=="},
    ):
        async with opened(server, headers) as socket:
            assert await Tab(socket).closed(within=5) == SIGNED_OUT, headers


async def test_signing_out_closes_the_session_s_sockets_on_every_process(
    server: Place, bob: User
) -> None:
    here, there = [await sync_to_async(client_of)(bob) for _ in range(2)]
    async with everywhere(server, _headers_of(here, server)) as ended:
        async with everywhere(server, _headers_of(there, server)) as going_on:
            await ends(lambda: here.post("/accounts/logout/"), *ended)
            for tab in going_on:
                await tab.answers()
            await ends(lambda: there.post("/accounts/sessions/end-all/"), *going_on)
    async with opened(server, _headers_of(here, server)) as socket:
        assert await Tab(socket).closed(within=5) == SIGNED_OUT


async def test_a_closed_account_closes_its_sockets_on_every_process(
    server: Place, alice: User, bob: User, theo: User
) -> None:
    headers, token = await signed_in(server, bob), await _token_of(bob)
    async with everywhere(server, headers) as tabs, everywhere(server, _bearer(token)) as scripts:
        async with present(server, alice) as a:
            await ends(lambda: deactivate_person(by=theo, person_id=bob.id), *tabs, *scripts)
            await a.answers()
    for again in (headers, _bearer(token)):
        async with opened(server, again) as socket:
            assert await Tab(socket).closed(within=5) in {SIGNED_OUT, NOT_ALLOWED}


async def test_a_token_that_is_withdrawn_closes_its_sockets_on_every_process(
    server: Place, bob: User
) -> None:
    token, other = await _token_of(bob), await _token_of(bob)
    async with everywhere(server, _bearer(token)) as scripts:
        async with everywhere(server, _bearer(other)) as others, present(server, bob) as desk:
            await ends(lambda: revoke_token(by=bob, token_id=token.token.pk), *scripts)
            for tab in (*others, desk):
                await tab.answers()
    async with opened(server, _bearer(token)) as socket:
        assert await Tab(socket).closed(within=5) == SIGNED_OUT
