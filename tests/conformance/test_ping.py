"""`ping`: `pong` with the same `t`, whatever it is."""

import pytest

from accounts.models import User
from tests.conformance.tab import entered
from tests.sockets import Place

pytestmark = pytest.mark.django_db(transaction=True)


async def test_pong_brings_back_what_ping_said(server: Place, alice: User) -> None:
    async with entered(server, alice) as a:
        for t in (0, -1.5, 1_790_000_000_123, "tŷ 🦉", None, True, [1, {"a": []}], {"b": None}):
            await a.say("ping", t=t)
            assert (await a.next("pong"))["t"] == t


async def test_a_ping_of_the_websocket_itself_is_answered(server: Place, alice: User) -> None:
    async with entered(server, alice) as a:
        assert await (await a.socket.ping(b"are you there")) >= 0
