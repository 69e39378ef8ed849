"""`channel`: one's own membership, and the channel itself, have changed."""

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel
from messaging.services.channel_settings import change_channel
from messaging.services.channels import (
    add_member,
    archive_channel,
    create_channel,
    join_channel,
    leave_channel,
    open_direct,
    remove_member,
)
from tests.conformance.tab import Tab, present
from tests.scenes import channel_of, say
from tests.sockets import Frame, Place

pytestmark = pytest.mark.django_db(transaction=True)


async def _told(tab: Tab, action: str, channel: Channel) -> Frame:
    """What the frame says of the channel. What happened before `hello` may come late."""
    while True:
        frame = await tab.next("channel", action=action)
        if frame["channel"]["id"] == str(channel.id):
            return dict(frame["channel"])


async def test_who_is_added_is_told_of_the_channel_and_hears_it(
    server: Place, channel: Channel, alice: User, carol: User
) -> None:
    async with present(server, carol) as here, present(server, carol) as there:
        await sync_to_async(add_member)(by=alice, channel_id=channel.id, person=carol)
        for tab in (here, there):
            told = await _told(tab, "joined", channel)
            assert (told["name"], told["kind"]) == ("Year 5", "private")
        await sync_to_async(say)(alice, channel, "Welcome")
        for tab in (here, there):
            await tab.hears("Welcome")
        assert (await here.send(channel.id, "Thank you"))["type"] == "sent"


async def test_the_others_read_of_it_in_the_channel(
    server: Place, channel: Channel, alice: User, bob: User, carol: User
) -> None:
    async with present(server, bob) as b:
        await sync_to_async(add_member)(by=alice, channel_id=channel.id, person=carol)
        await b.hears(f"{alice.display_name} added {carol.display_name}.")
        await sync_to_async(remove_member)(by=alice, channel_id=channel.id, person=carol)
        await b.hears(f"{alice.display_name} removed {carol.display_name}.")
    assert {f["message"]["kind"] for f in b.seen if f["type"] == "message"} == {"system"}


async def test_a_channel_that_was_made_is_told_to_its_members_alone(
    server: Place, alice: User, bob: User, carol: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b, present(server, carol) as c:
        made = await sync_to_async(channel_of)(alice, bob, name="New")
        direct = await sync_to_async(open_direct)(by=alice, people=[bob])
        for tab in (a, b):
            assert (await _told(tab, "joined", made))["name"] == "New"
            assert (await _told(tab, "joined", direct))["kind"] == "direct"
        await c.hears_nothing("channel", "message")


async def test_coming_into_an_open_channel_and_leaving_it(
    server: Place, alice: User, bob: User
) -> None:
    hall = await sync_to_async(create_channel)(by=alice, kind="open", name="Hall")
    async with present(server, bob) as b:
        await sync_to_async(join_channel)(person=bob, channel_id=hall.id)
        await _told(b, "joined", hall)
        await sync_to_async(leave_channel)(person=bob, channel_id=hall.id)
        assert await _told(b, "left", hall) == {"id": str(hall.id)}
        assert (await b.hello())["channels"] == []


async def test_who_is_removed_is_told_no_more_than_that(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, bob) as here, present(server, bob) as there:
        await sync_to_async(remove_member)(by=alice, channel_id=channel.id, person=bob)
        for tab in (here, there):
            assert await _told(tab, "left", channel) == {"id": str(channel.id)}
            assert (await tab.hello())["channels"] == []


async def test_an_archived_channel_is_told_to_its_members(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b:
        await sync_to_async(archive_channel)(by=alice, channel_id=channel.id)
        for tab in (a, b):
            told = await _told(tab, "archived", channel)
            assert (told["archived"], told["can_post"]) == (True, False)
            await tab.refused("read_only", "send", channel=channel.id, body="Too late")
        assert (await b.ask("fetch", channel=channel.id))["type"] == "changes"


async def test_changed_settings_are_told_to_its_members_alone(
    server: Place, channel: Channel, alice: User, bob: User, carol: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b, present(server, carol) as c:
        await sync_to_async(change_channel)(
            by=alice,
            channel_id=channel.id,
            name="Year 5 and 6",
            purpose="Both classes",
            mention_all="nobody",
        )
        for tab in (a, b):
            told = await _told(tab, "updated", channel)
            assert (told["name"], told["purpose"]) == ("Year 5 and 6", "Both classes")
            assert (told["mention_all"], told["can_mention_all"]) == ("nobody", False)
            await tab.hears(
                f"{alice.display_name} changed the name of this channel to “Year 5 and 6”, its "
                "purpose and who may mention everybody in it."
            )
        await c.hears_nothing("channel", "message")
