"""Mentions are plain words, which the server finds when a message is stored."""

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel
from messaging.services.channel_settings import change_channel
from tests.conformance.scenes import truth
from tests.conformance.tab import following, present
from tests.sockets import Place

pytestmark = pytest.mark.django_db(transaction=True)


async def test_who_is_named_is_mentioned_and_has_one_more_waiting(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b:
        sent = (await a.send(channel.id, f"Look, @{bob.display_name}"))["message"]
        heard = await b.hears(f"Look, @{bob.display_name}")
        (listed,) = (await b.hello())["channels"]
        await b.say("read", channel=channel.id, seq=sent["seq"])
        (read,) = (await b.hello())["channels"]
        (own,) = (await a.hello())["channels"]
    assert sent["mentions"] == heard["message"]["mentions"] == [str(bob.id)]
    assert f'<span class="mention" data-user="{bob.id}">@{bob.display_name}</span>' in sent["html"]
    assert (listed["mentions"], read["mentions"], own["mentions"]) == (1, 0, 0)


async def test_everybody_is_mentioned_by_who_may(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b:
        (mine,), (his,) = (await a.hello())["channels"], (await b.hello())["channels"]
        by_owner = (await a.send(channel.id, "@everyone"))["message"]
        by_member = (await b.send(channel.id, "@everyone"))["message"]
        await sync_to_async(change_channel)(
            by=alice, channel_id=channel.id, name="Year 5", purpose="", mention_all="members"
        )
        told = (await b.next("channel", action="updated"))["channel"]
        again = (await b.send(channel.id, "@here"))["message"]
    assert [one["can_mention_all"] for one in (mine, his, told)] == [True, False, True]
    assert [one["mention_all"] for one in (mine, told)] == ["owners", "members"]
    mentioned = [one["mentions_all"] for one in (by_owner, by_member, again)]
    assert mentioned == ["everyone", None, "here"]
    assert by_member["html"] == "<p>@everyone</p>"
    assert by_owner["mentions"] == []


async def test_an_edit_finds_anew_and_everybody_ends_the_same(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with following(server, alice) as a, following(server, bob) as b:
        for tab in (a, b):
            await tab.settle(channel)
        sent = (await a.send(channel.id, f"@{bob.display_name}"))["message"]
        await a.ask("edit", message=sent["id"], body=f"@{alice.display_name} and nobody else")
        await a.send(channel.id, "And @everyone")
        expected = await sync_to_async(truth)(channel)
        for tab in (a, b):
            assert await tab.hold_all(channel) == expected
        (listed,) = (await b.hello())["channels"]
    mentions = [(one["mentions"], one["mentions_all"]) for one in expected[1:]]
    assert mentions == [([str(alice.id)], None), ([], "everyone")]
    assert listed["mentions"] == 1


async def test_outsiders_are_not_mentioned(
    server: Place, channel: Channel, alice: User, carol: User
) -> None:
    async with present(server, alice) as a, present(server, carol) as c:
        sent = (await a.send(channel.id, f"@{carol.display_name}"))["message"]
        assert (await c.hello())["channels"] == []
        await c.hears_nothing("message", "channel", within=0.1)
    assert (sent["mentions"], sent["html"]) == ([], f"<p>@{carol.display_name}</p>")
