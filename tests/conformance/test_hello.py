"""`hello`: who one is, where one's channels are, and what became of them since."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from audit.clock import now
from messaging.models import Channel
from messaging.services.channels import create_channel, open_direct
from tests.conformance.scenes import history, take_in
from tests.conformance.tab import entered, present
from tests.scenes import channel_of, say
from tests.sockets import Frame, Place

pytestmark = pytest.mark.django_db(transaction=True)


def listed(welcome: Frame, channel: Channel) -> Frame:
    """A channel as `welcome` lists it."""
    (found,) = [one for one in welcome["channels"] if one["id"] == str(channel.id)]
    return dict(found)


async def test_welcome_names_the_person_and_the_channel(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    message = await sync_to_async(say)(alice, channel, "Good morning")
    async with entered(server, bob) as tab:
        welcome = await tab.hello()
    assert welcome["user"] == {"id": str(bob.id), "name": bob.display_name}
    (shown,) = welcome["channels"]
    assert shown["id"] == str(channel.id)
    assert (shown["name"], shown["kind"]) == ("Year 5", "private")
    assert (shown["last"], shown["unread"]) == (message.seq, 1)
    assert shown["read"] < message.seq
    assert (shown["muted"], shown["archived"], shown["can_post"]) == (False, False, True)
    assert abs(datetime.fromisoformat(welcome["server_time"]) - now()) < timedelta(seconds=30)


async def test_one_s_own_messages_are_not_unread(
    server: Place, channel: Channel, alice: User
) -> None:
    await sync_to_async(say)(alice, channel, "Good morning")
    async with entered(server, alice) as tab:
        assert listed(await tab.hello(), channel)["unread"] == 0


async def test_kinds_of_channels_say_what_they_are(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    direct = await sync_to_async(open_direct)(by=bob, people=[alice])
    news = await sync_to_async(create_channel)(
        by=alice, kind="announcement", name="News", members=[bob]
    )
    async with entered(server, bob) as tab:
        welcome = await tab.hello()
    assert listed(welcome, direct)["kind"] == "direct"
    assert listed(welcome, direct)["name"] == alice.display_name
    assert listed(welcome, direct)["people"] == [str(alice.id)]
    assert listed(welcome, news)["kind"] == "announcement"
    assert listed(welcome, news)["can_post"] is False


async def test_who_is_in_no_channel_is_welcome_all_the_same(
    server: Place, channel: Channel, carol: User
) -> None:
    async with entered(server, carol) as tab:
        assert (await tab.hello())["channels"] == []


async def test_only_channels_that_moved_are_resumed(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    other = await sync_to_async(channel_of)(alice, bob, name="Still")
    async with entered(server, bob) as tab:
        welcome = await tab.hello()
    positions = {one["id"]: one["last"] for one in welcome["channels"]}
    await sync_to_async(say)(alice, channel, "While you were out")
    async with entered(server, bob) as tab:
        await tab.hello(**positions)
        changes = await tab.next("changes")
        await tab.answers()
    assert (changes["ref"], changes["channel"]) == (None, str(channel.id))
    assert changes["since"] == positions[str(channel.id)]
    assert changes["upto"] == changes["since"] + 1
    assert [one["body"] for one in changes["messages"]] == ["While you were out"]
    assert changes["more"] is False
    assert not [f for f in tab.seen if f["type"] == "changes" and f["channel"] == str(other.id)]


async def test_after_200_changes_there_are_more_and_more_than_99_unread_are_100(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    position = channel.head
    await sync_to_async(history)(alice, channel, 230)
    async with entered(server, bob) as tab:
        welcome = await tab.hello(**{str(channel.id): position})
        first = await tab.next("changes")
        rest = await tab.ask("fetch", channel=channel.id, after=first["upto"], limit=200)
    assert listed(welcome, channel)["unread"] == 100
    assert (len(first["messages"]), first["more"]) == (200, True)
    assert (rest["since"], rest["upto"]) == (first["upto"], position + 230)
    assert rest["more"] is False
    bodies = [one["body"] for one in [*first["messages"], *rest["messages"]]]
    assert bodies == [f"Line {number}" for number in range(230)]


async def test_a_position_below_the_floor_gets_a_reset(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    position = channel.head
    await sync_to_async(take_in)(alice, channel, 3)
    async with entered(server, bob) as tab:
        await tab.hello(**{str(channel.id): position})
        assert (await tab.next("reset", "changes"))["type"] == "reset"


async def test_positions_in_channels_that_are_not_there_are_passed_over(
    server: Place, channel: Channel, carol: User
) -> None:
    async with entered(server, carol) as tab:
        await tab.hello(**{str(channel.id): 0, str(uuid4()): 1})
        await tab.answers()
    assert [frame["type"] for frame in tab.seen] == ["welcome", "pong"]


async def test_positions_that_are_none_are_a_bad_frame(
    server: Place, channel: Channel, alice: User
) -> None:
    async with entered(server, alice) as tab:
        for resume in ([1], "x", 5):
            await tab.refused("bad_frame", "hello", resume=resume)
        for position in ("y", 1.5, True, None, -1, 2**63):
            await tab.refused("bad_frame", "hello", resume={str(channel.id): position})
        await tab.hello()


async def test_hello_may_be_said_again(server: Place, channel: Channel, alice: User) -> None:
    async with present(server, alice) as tab:
        assert listed(await tab.hello(), channel)["last"] == channel.head
