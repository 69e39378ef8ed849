"""`react`: an emoji given to a message, and taken back."""

from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel, Message
from messaging.services.channels import archive_channel, set_role
from messaging.services.messages import delete_message
from messaging.services.reactions import react
from tests.conformance.scenes import truth
from tests.conformance.tab import following, present
from tests.scenes import say
from tests.sockets import Place

pytestmark = pytest.mark.django_db(transaction=True)

THUMB = "👍🏽"


async def test_a_reaction_is_done_and_everybody_hears_the_whole_message(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b:
        sent = (await a.send(channel.id, "The bus is late"))["message"]
        done = await b.ask("react", message=sent["id"], emoji=THUMB, on=True)
        heard = await a.next("changed")
        own = await b.next("changed")
        again = await b.ask("react", message=sent["id"], emoji=THUMB, on=True)
        await b.ask("react", message=sent["id"], emoji=THUMB, on=False)
        back = await a.next("changed")
    assert done["type"] == again["type"] == "done"
    message = heard["message"]
    assert message == own["message"]
    assert message["reactions"] == [{"emoji": THUMB, "count": 1, "users": [str(bob.id)]}]
    assert (message["body"], message["edited_at"]) == ("The bus is late", None)
    assert message["changed"] == heard["upto"] == heard["since"] + 1
    assert (back["message"]["reactions"], back["since"]) == ([], heard["upto"])


async def test_a_job_s_reaction_is_heard_like_any_other(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    message = await sync_to_async(say)(alice, channel, "From a job")
    async with present(server, alice) as a:
        await sync_to_async(react)(by=bob, message_id=message.id, emoji="🎉", on=True)
        assert (await a.next("changed"))["message"]["reactions"][0]["emoji"] == "🎉"


async def test_reactions_of_many_end_the_same_for_everybody(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with following(server, alice) as a, following(server, bob) as b:
        for tab in (a, b):
            await tab.settle(channel)
        sent = (await a.send(channel.id, "Vote"))["message"]
        for emoji in ("👍", "🎉", "👀"):
            for tab in (a, b):
                await tab.say("react", message=sent["id"], emoji=emoji, on=True)
        for tab in (a, b):
            for _ in range(3):
                await tab.next("done")
        await b.ask("react", message=sent["id"], emoji="👀", on=False)
        await a.send(channel.id, "Closed")
        expected = await sync_to_async(truth)(channel)
        for tab in (a, b):
            assert await tab.hold_all(channel) == expected
            assert tab.store.channels[str(channel.id)].holes == 0
    (vote,) = [one for one in expected if one["body"] == "Vote"]
    assert sorted(one["count"] for one in vote["reactions"]) == [1, 2, 2]


async def test_a_guest_may_react_and_the_archive_stays_as_it_is(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    message = await sync_to_async(say)(alice, channel, "Hello")
    await sync_to_async(set_role)(by=alice, channel_id=channel.id, person=bob, role="guest")
    async with present(server, bob) as b:
        done = await b.ask("react", message=message.id, emoji="👋", on=True)
        assert done["type"] == "done"
        await sync_to_async(archive_channel)(by=alice, channel_id=channel.id)
        await b.refused("read_only", "react", message=message.id, emoji="👍", on=True)
        await b.refused("read_only", "react", message=message.id, emoji="👋", on=False)


async def test_what_is_no_emoji_or_no_message_is_refused(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    message, deleted = [await sync_to_async(say)(alice, channel, word) for word in ("One", "Two")]
    await sync_to_async(delete_message)(by=alice, message_id=deleted.id)
    system = await Message.objects.aget(channel=channel, kind="system")
    async with present(server, bob) as b:
        for odd in ("", "yes", "👍👍", "<b>", "x" * 10_000):
            await b.refused("refused", "react", message=message.id, emoji=odd, on=True)
        for gone in (deleted.id, system.id, uuid4()):
            await b.refused("not_found", "react", message=gone, emoji="👍", on=True)
        for wrong in ({"on": 1}, {"on": None}, {"emoji": 5}, {"message": "x"}):
            fields = {"message": message.id, "emoji": "👍", "on": True, **wrong}
            await b.refused("bad_frame", "react", **fields)
