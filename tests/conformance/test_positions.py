"""Positions: a client by the book ends with every message once, in its latest state."""

import asyncio
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction

from accounts.models import User
from messaging.models import Channel
from messaging.services.channels import add_member, remove_member
from messaging.services.messages import delete_message, edit_message
from tests.conformance.scenes import LONG_AGO, dispose, history, take_in, truth
from tests.conformance.tab import Follower, following
from tests.scenes import channel_of, say
from tests.sockets import Place

pytestmark = pytest.mark.django_db(transaction=True)


async def _write(tab: Follower, channel: Channel) -> None:
    """Post a few messages; change two of them, one of them twice; delete one."""
    sent = [await tab.send(channel.id, f"Line {number}") for number in range(5)]
    ids = [UUID(one["message"]["id"]) for one in sent]
    for body in ("Better", "Best"):
        assert (await tab.ask("edit", message=ids[1], body=body))["type"] == "done"
    assert (await tab.ask("delete", message=ids[2]))["type"] == "done"
    assert (await tab.send(channel.id, "And", reply_to=ids[2]))["type"] == "sent"


async def test_who_is_there_all_the_time_meets_no_hole(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with following(server, alice) as a, following(server, bob) as b:
        async with following(server, alice) as also, following(server, bob) as idle:
            tabs = (a, b, also, idle)
            for tab in tabs:
                await tab.settle(channel)
            await asyncio.gather(_write(a, channel), _write(b, channel), _write(also, channel))
            expected = await sync_to_async(truth)(channel)
            for tab in tabs:
                assert await tab.hold_all(channel) == expected
                assert tab.store.channels[str(channel.id)].holes == 0
    assert len(expected) == 1 + 3 * 6


async def test_who_comes_in_the_middle_misses_nothing(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with following(server, alice) as a:
        writing = asyncio.create_task(_write(a, channel))
        async with following(server, bob) as one, following(server, bob) as other:
            await writing
            expected = await sync_to_async(truth)(channel)
            for tab in (a, one, other):
                assert await tab.hold_all(channel) == expected


async def test_several_changes_of_a_message_come_once_in_its_latest_state(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    kept, dropped = [await sync_to_async(say)(alice, channel, word) for word in ("One", "Two")]
    async with following(server, bob) as b:
        position = (await b.settle(channel)).position
    async with following(server, alice) as here, following(server, alice) as there:
        for tab in (here, there):
            await tab.settle(channel)
        for body in ("Three", "Four", "Five"):
            await sync_to_async(edit_message)(author=alice, message_id=kept.id, body=body)
            await sync_to_async(edit_message)(author=alice, message_id=dropped.id, body=body)
        await sync_to_async(delete_message)(by=alice, message_id=dropped.id)
        # What a process still has to deliver comes before `welcome` too, and is a hole by then.
        for tab in (here, there):
            await tab.settle(channel)
    async with following(server, bob, b.store) as again:
        changes = await again.next("changes")
        await again.settle(channel)
    assert (changes["since"], changes["upto"]) == (position, position + 7)
    assert sorted(one["body"] for one in changes["messages"]) == ["", "Five"]
    assert again.store.channels[str(channel.id)].holes == 0


@transaction.atomic
def _change_at_once(author: User, channel: Channel, message_id: UUID) -> None:
    for body in ("Better", "Best"):
        edit_message(author=author, message_id=message_id, body=body)
    say(author, channel, "And")
    edit_message(author=author, message_id=message_id, body="Last")


async def test_changes_that_are_committed_together_come_without_a_hole(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    message = await sync_to_async(say)(alice, channel, "One")
    async with following(server, bob) as here, following(server, bob) as there:
        for tab in (here, there):
            await tab.settle(channel)
        await sync_to_async(_change_at_once)(alice, channel, message.id)
        expected = await sync_to_async(truth)(channel)
        for tab in (here, there):
            assert await tab.hold_all(channel) == expected
            assert tab.store.channels[str(channel.id)].holes == 0
            states = {f["message"]["body"] for f in tab.seen if f["type"] == "changed"}
            assert states == {"Last"}


async def test_who_was_away_goes_on_from_the_position(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with following(server, bob) as b:
        await b.settle(channel)
    async with following(server, alice) as a:
        await _write(a, channel)
        async with following(server, bob, b.store) as again:
            await _write(a, channel)
            expected = await sync_to_async(truth)(channel)
            assert await again.hold_all(channel) == expected
    assert not [f for f in again.seen if f["type"] == "reset"]


async def test_who_is_230_messages_behind_gets_them_all_while_others_write(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with following(server, bob) as b:
        await b.settle(channel)
    await sync_to_async(history)(alice, channel, 230)
    async with following(server, alice) as a:
        writing = asyncio.create_task(_write(a, channel))
        async with following(server, bob, b.store) as again:
            await writing
            expected = await sync_to_async(truth)(channel)
            assert await again.hold_all(channel) == expected
            assert await a.hold_all(channel) == expected
    assert len(expected) == 237


async def test_who_is_far_behind_in_several_channels_gets_all_of_them(
    server: Place, alice: User, bob: User
) -> None:
    names = ("Year 4", "Year 5", "Year 6")
    channels = [await sync_to_async(channel_of)(alice, bob, name=name) for name in names]
    async with following(server, bob) as b:
        for channel in channels:
            await b.settle(channel)
    for channel in channels:
        await sync_to_async(history)(alice, channel, 140)
    async with following(server, bob, b.store) as again:
        for channel in channels:
            expected = await sync_to_async(truth)(channel)
            assert await again.hold_all(channel) == expected


async def test_long_messages_come_in_frames_that_a_client_can_take(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with following(server, bob) as b:
        await b.settle(channel)
    await sync_to_async(history)(alice, channel, 40, words="ŷ" * 7_900)
    async with following(server, bob, b.store) as again, following(server, alice) as anew:
        expected = await sync_to_async(truth)(channel)
        assert await again.hold_all(channel) == expected
        assert await anew.hold_all(channel) == expected


async def test_changes_without_a_bell_are_a_hole_that_is_filled(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with following(server, bob) as b:
        await b.settle(channel)
        await sync_to_async(history)(alice, channel, 3)
        await sync_to_async(say)(alice, channel, "With a bell")
        expected = await sync_to_async(truth)(channel)
        assert await b.hold_all(channel) == expected


async def test_an_import_is_one_reset_and_a_conversation_in_the_order_of_its_times(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    await sync_to_async(say)(alice, channel, "Before the import")
    async with following(server, bob) as b, following(server, alice) as a:
        await b.settle(channel)
        await sync_to_async(take_in)(alice, channel, 210)
        await b.next("reset")
        await a.send(channel.id, "After the import")
        expected = await sync_to_async(truth)(channel)
        for tab in (a, b):
            assert await tab.hold_all(channel) == expected
            assert tab.store.channels[str(channel.id)].resets == 1
        (listed,) = (await b.hello())["channels"]
    assert expected[0]["kind"] == "imported"
    assert expected[0]["sent_at"] == "2026-01-09T07:29:00.000Z"
    assert expected[0]["author"] == {"id": None, "name": "Nadia"}
    assert expected[-1]["body"] == "After the import"
    assert listed["unread"] == 2


async def test_positions_below_the_floor_are_reset_and_the_floor_itself_is_not(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    below = channel.head
    await sync_to_async(take_in)(alice, channel, 3)
    await channel.arefresh_from_db()
    await sync_to_async(say)(alice, channel, "New")
    async with following(server, bob) as b:
        await b.settle(channel)
        await b.say("fetch", channel=channel.id, after=below)
        await b.next("reset")
        page = await b.ask("fetch", channel=channel.id, after=channel.floor)
    assert [one["body"] for one in page["messages"]] == ["New"]


@pytest.mark.usefixtures("movable_keyring")
async def test_what_was_disposed_of_is_gone_from_every_client(
    server: Place, alice: User, bob: User, hari: User, helen: User
) -> None:
    channel = await sync_to_async(channel_of)(alice, bob, name="Kiln club")
    await sync_to_async(history)(alice, channel, 3, at=LONG_AGO)
    kept = await sync_to_async(say)(bob, channel, "This is new")
    async with following(server, bob) as away:
        await away.settle(channel)
    async with following(server, alice) as a, following(server, bob) as b:
        for tab in (a, b):
            await tab.settle(channel)
        await sync_to_async(dispose)(hari, helen)
        for tab in (a, b):
            await tab.next("reset", "gone")
        async with following(server, bob, away.store) as back:
            await a.send(channel.id, "Under the new keys")
            expected = await sync_to_async(truth)(channel)
            for tab in (a, b, back):
                assert await tab.hold_all(channel) == expected
    assert [one["body"] for one in expected[1:]] == [
        "This is new",
        "Under the new keys",
    ], expected
    assert str(kept.id) in {one["id"] for one in expected}


async def test_a_member_removed_in_a_burst_hears_nothing_after_it(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    removed = f"{alice.display_name} removed {bob.display_name}."
    async with following(server, alice) as a, following(server, bob) as b:
        for tab in (a, b):
            await tab.settle(channel)
        for number in range(10):
            await a.say("send", channel=channel.id, body=f"Line {number}")
        await sync_to_async(remove_member)(by=alice, channel_id=channel.id, person=bob)
        await a.send(channel.id, "Without Bob")
        await b.next("channel", action="left")
        left = len(b.seen)
        (removal,) = [m for m in await a.hold_all(channel) if m["body"] == removed]
        await asyncio.sleep(0.2)
        await b.answers()
    assert not [f for f in b.seen[left:] if "channel" in f]
    live = [f for f in b.seen if f["type"] in {"message", "changed"}]
    assert all(f["upto"] <= removal["seq"] for f in live)


async def test_who_comes_back_gets_the_channel_anew(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with following(server, bob) as b:
        await b.settle(channel)
        await sync_to_async(remove_member)(by=alice, channel_id=channel.id, person=bob)
        await b.next("channel", action="left")
        await sync_to_async(say)(alice, channel, "Without Bob")
        await sync_to_async(add_member)(by=alice, channel_id=channel.id, person=bob)
        await b.next("channel", action="joined")
        await sync_to_async(say)(alice, channel, "With Bob")
        expected = await sync_to_async(truth)(channel)
        assert await b.hold_all(channel) == expected
