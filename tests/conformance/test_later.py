"""What the protocol holds for later, and what it answers today; so that this changes on purpose."""

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel
from tests.conformance.tab import present
from tests.scenes import say
from tests.sockets import Place

pytestmark = pytest.mark.django_db(transaction=True)


async def test_receipts_and_notices_are_not_there_yet(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    await sync_to_async(say)(alice, channel, "A message")
    async with present(server, alice) as a, present(server, bob) as b:
        await b.refused("unknown_type", "notice", level="info", text="Hello")
        sent = (await b.send(channel.id, "Another"))["message"]
        await b.say("read", channel=channel.id, seq=sent["seq"])
        await a.hears("Another")
        (listed,) = (await a.hello())["channels"]
        await a.hears_nothing("read", "notice", "gone", within=0.3)
    assert listed["oldest"] is None


async def test_presence_is_shown_to_nobody_unless_the_school_wants_it(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b:
        await a.refused("unknown_type", "presence", state="away")
        await a.hears_nothing("presence", within=0.2)
        await b.hears_nothing("presence", within=0.01)
