"""`pin`: a message kept at hand for everybody; and `fetch … pinned`, `fetch … thread`."""

from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel
from messaging.services.channels import archive_channel, create_channel, set_role
from messaging.services.messages import delete_message
from tests.conformance.tab import present
from tests.scenes import channel_of, say
from tests.sockets import Frame, Place

pytestmark = pytest.mark.django_db(transaction=True)


def _bodies(page: Frame) -> list[str]:
    assert (page["type"], page["since"], page["upto"], page["more"]) == (
        "changes",
        None,
        None,
        False,
    )
    return [message["body"] for message in page["messages"]]


async def test_a_pin_is_done_and_everybody_hears_it(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b:
        sent = (await a.send(channel.id, "Register by nine"))["message"]
        assert (await b.ask("pin", message=sent["id"], on=True))["type"] == "done"
        heard = await a.next("changed")
        assert (await b.ask("pin", message=sent["id"], on=True))["type"] == "done"
        assert (await a.ask("pin", message=sent["id"], on=False))["type"] == "done"
        down = await b.next("changed", since=heard["upto"])
    assert heard["message"]["pinned"] is True
    assert heard["upto"] == heard["since"] + 1
    assert down["message"]["pinned"] is False


async def test_what_is_pinned_is_fetched_with_the_newest_pin_first(
    server: Place, channel: Channel, alice: User
) -> None:
    said = [await sync_to_async(say)(alice, channel, f"Line {number}") for number in range(4)]
    async with present(server, alice) as a:
        assert _bodies(await a.ask("fetch", channel=channel.id, pinned=True)) == []
        for number in (1, 3, 0):
            await a.ask("pin", message=said[number].id, on=True)
        await sync_to_async(delete_message)(by=alice, message_id=said[3].id)
        page = await a.ask("fetch", channel=channel.id, pinned=True)
        newest = await a.ask("fetch", channel=channel.id, pinned=False, limit=2)
        opened = await a.ask("fetch", channel=channel.id, pins=True, limit=2)
        await a.refused("bad_frame", "fetch", channel=channel.id, pinned="yes")
    assert _bodies(page) == ["Line 0", "Line 1"]
    assert newest["upto"] is not None
    assert "pins" not in newest
    assert opened == {**newest, "ref": opened["ref"], "pins": page["messages"]}


async def test_a_thread_is_its_root_and_all_answers_below_it(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    own = await sync_to_async(channel_of)(alice, name="Also hers")
    async with present(server, alice) as a, present(server, bob) as b:
        root = (await a.send(channel.id, "Who has the key?"))["message"]
        first = (await b.send(channel.id, "Not me", reply_to=root["id"]))["message"]
        await b.send(channel.id, "Lunch?")
        await a.send(channel.id, "Then who?", reply_to=first["id"])
        for place in (root, first):
            page = await b.ask("fetch", channel=channel.id, thread=place["id"])
            assert _bodies(page) == ["Who has the key?", "Not me", "Then who?"]
        for place in (uuid4(), root["id"]):
            await a.refused("not_found", "fetch", channel=own.id, thread=place)
        await a.refused("bad_frame", "fetch", channel=channel.id, thread="x")


async def test_guests_and_readers_of_announcements_are_refused(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    said = await sync_to_async(say)(alice, channel, "Hello")
    await sync_to_async(set_role)(by=alice, channel_id=channel.id, person=bob, role="guest")
    news = await sync_to_async(create_channel)(
        by=alice, kind="announcement", name="All staff", members=[bob]
    )
    announced = await sync_to_async(say)(alice, news, "INSET day")
    async with present(server, bob) as b, present(server, alice) as a:
        for one in (said, announced):
            await b.refused("refused", "pin", message=one.id, on=True)
        assert (await a.ask("pin", message=announced.id, on=True))["type"] == "done"
        listed = {one["name"]: one for one in (await b.hello())["channels"]}
    assert [one["can_pin"] for one in listed.values()] == [False, False]


async def test_what_is_gone_closed_or_odd_is_not_pinned(
    server: Place, channel: Channel, alice: User
) -> None:
    said, deleted = [await sync_to_async(say)(alice, channel, word) for word in ("One", "Two")]
    await sync_to_async(delete_message)(by=alice, message_id=deleted.id)
    async with present(server, alice) as a:
        for gone in (deleted.id, uuid4()):
            await a.refused("not_found", "pin", message=gone, on=True)
        await a.refused("bad_frame", "pin", message=said.id)
        await sync_to_async(archive_channel)(by=alice, channel_id=channel.id)
        await a.refused("read_only", "pin", message=said.id, on=True)
