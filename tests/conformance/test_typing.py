"""`typing`: a mood, passed on to the other members, at most once in 3 s."""

import pytest

from accounts.models import User
from messaging.models import Channel
from tests.conformance.tab import present
from tests.sockets import Place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("typing")]


@pytest.mark.shows("typing")
async def test_typing_is_passed_to_the_others_once_in_three_seconds(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, alice) as a, present(server, alice) as also:
        async with present(server, bob) as here, present(server, bob) as there:
            await a.follows(typing="on")
            for _ in range(4):
                await a.say("typing", channel=channel.id)
            for tab in (here, there):
                heard = await tab.next("typing")
                assert heard["channel"] == str(channel.id)
                assert heard["user"] == str(alice.id)
            await here.hears_nothing("typing", within=0.2)
            await there.hears_nothing("typing", within=0.01)
        for tab in (a, also):
            await tab.hears_nothing("typing", "error", within=0.01)


async def test_who_is_no_member_is_heard_by_nobody(
    server: Place, channel: Channel, alice: User, bob: User, carol: User
) -> None:
    async with present(server, carol) as c, present(server, bob) as b:
        await c.follows(typing="on")
        await c.say("typing", channel=channel.id)
        await c.answers()
        await b.hears_nothing("typing")


async def test_a_channel_that_is_none_is_a_bad_frame(server: Place, alice: User) -> None:
    async with present(server, alice) as a:
        await a.refused("bad_frame", "typing", channel="x")
