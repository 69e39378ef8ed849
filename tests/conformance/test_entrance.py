"""Who gets in: a page of one's own with its session, or a program with a token."""

from datetime import timedelta

import pytest
from websockets.exceptions import InvalidStatus

from accounts.models import ApiToken, User
from audit.clock import now
from messaging.models import Channel
from tests.conformance.tab import Tab, bearer, signed_in
from tests.sockets import Place, opened

pytestmark = pytest.mark.django_db(transaction=True)


async def _comes_in(server: Place, headers: dict[str, str], channel: Channel) -> None:
    """Is welcome, and may post."""
    async with opened(server, headers) as socket:
        tab = Tab(socket)
        assert (await tab.hello())["channels"]
        assert (await tab.send(channel.id, "Here I am"))["type"] == "sent"


async def _stays_out(server: Place, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with opened(server, headers):
            pass
    assert refused.value.response.status_code in {400, 403}


async def test_a_session_and_a_token_do_the_same(
    server: Place, channel: Channel, alice: User
) -> None:
    await _comes_in(server, await signed_in(server, alice), channel)
    await _comes_in(server, await bearer(alice), channel)


async def test_a_session_has_to_come_from_a_page_of_ours(
    server: Place, channel: Channel, alice: User
) -> None:
    headers = await signed_in(server, alice)
    for origin in ("https://elsewhere.example", "http://127.0.0.1.elsewhere.example", "null", "x"):
        await _stays_out(server, {**headers, "Origin": origin})
    del headers["Origin"]
    await _stays_out(server, headers)


async def test_a_token_does_not_help_a_page_of_another_site(server: Place, alice: User) -> None:
    headers = await bearer(alice)
    await _stays_out(server, {**headers, "Origin": "https://elsewhere.example"})


async def test_a_token_that_is_given_has_to_be_right(server: Place, alice: User) -> None:
    headers = {**await signed_in(server, alice), "Authorization": "Bearer schoolchat_wrong"}
    async with opened(server, headers) as socket:
        assert await Tab(socket).closed(within=5) == 4401


async def test_a_token_that_is_over_opens_nothing(server: Place, alice: User) -> None:
    headers = await bearer(alice)
    await ApiToken.objects.aupdate(expires_at=now() - timedelta(seconds=1))
    async with opened(server, headers) as socket:
        assert await Tab(socket).closed(within=5) == 4401
