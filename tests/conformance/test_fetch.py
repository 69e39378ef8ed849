"""`fetch`: what came after a position, a page before or around a message, or the newest."""

from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel, Message
from messaging.services.messages import edit_message
from tests.conformance.scenes import history, take_in
from tests.conformance.store import check_page_order
from tests.conformance.tab import present
from tests.scenes import channel_of, say
from tests.sockets import Frame, Place

pytestmark = pytest.mark.django_db(transaction=True)


def _bodies(page: Frame) -> list[str]:
    return [message["body"] for message in page["messages"]]


def _lines(first: int, last: int) -> list[str]:
    return [f"Line {number}" for number in range(first, last + 1)]


def _line(channel: Channel, number: int) -> Message:
    """`Line number` of a history."""
    return Message.objects.filter(channel=channel, kind="text").order_by("seq")[number]


async def test_the_newest_page_begins_at_nothing_and_ends_at_the_channel_s_position(
    server: Place, channel: Channel, alice: User
) -> None:
    await sync_to_async(history)(alice, channel, 60)
    await channel.arefresh_from_db()
    async with present(server, alice) as a:
        page = await a.ask("fetch", channel=channel.id)
        short = await a.ask("fetch", channel=channel.id, limit=3)
        whole = await a.ask("fetch", channel=channel.id, limit=100)
    assert (page["channel"], page["since"], page["upto"]) == (str(channel.id), 0, channel.head)
    assert (_bodies(page)[-50:], page["more"]) == (_lines(10, 59), True)
    assert (_bodies(short), short["more"]) == (_lines(57, 59), True)
    assert (len(whole["messages"]), whole["more"]) == (61, False)


async def test_no_answer_holds_more_than_200_messages(
    server: Place, channel: Channel, alice: User
) -> None:
    await sync_to_async(history)(alice, channel, 230)
    last = await sync_to_async(_line)(channel, 229)
    middle = await sync_to_async(_line)(channel, 115)
    async with present(server, alice) as a:
        for place in ({}, {"after": 0}, {"before": last.id}, {"around": middle.id}):
            page = await a.ask("fetch", channel=channel.id, limit=1_000, **place)
            assert (page["type"], len(page["messages"])) == ("changes", 200)
            assert page["more"] is True


async def test_pages_before_and_around_a_message_move_nothing(
    server: Place, channel: Channel, alice: User
) -> None:
    await sync_to_async(history)(alice, channel, 20)
    middle = await sync_to_async(_line)(channel, 10)
    async with present(server, alice) as a:
        before = await a.ask("fetch", channel=channel.id, before=middle.id, limit=3)
        around = await a.ask("fetch", channel=channel.id, around=middle.id, limit=5)
        first = await a.ask("fetch", channel=channel.id, before=before["messages"][0]["id"])
    assert _bodies(before) == _lines(7, 9)
    assert "Line 10" in _bodies(around)[1:-1]
    assert _bodies(first)[-7:] == _lines(0, 6)
    assert (before["more"], first["more"]) == (True, False)
    for page in (before, around, first):
        assert (page["since"], page["upto"]) == (None, None)


async def test_walking_back_page_by_page_misses_nothing(
    server: Place, channel: Channel, alice: User
) -> None:
    await sync_to_async(take_in)(alice, channel, 5)
    await sync_to_async(history)(alice, channel, 7)
    async with present(server, alice) as a:
        page = await a.ask("fetch", channel=channel.id, limit=3)
        walked = page["messages"]
        while page["more"]:
            page = await a.ask("fetch", channel=channel.id, before=walked[0]["id"], limit=3)
            walked = page["messages"] + walked
    check_page_order({"messages": walked})
    stored = {str(one) async for one in Message.objects.values_list("id", flat=True)}
    assert len(walked) == len(stored)
    assert {one["id"] for one in walked} == stored


async def test_after_a_position_comes_what_changed_since(
    server: Place, channel: Channel, alice: User
) -> None:
    early = await sync_to_async(say)(alice, channel, "Early")
    await sync_to_async(say)(alice, channel, "Unchanged")
    await channel.arefresh_from_db()
    position = channel.head
    for body in ("Later", "Later still"):
        await sync_to_async(edit_message)(author=alice, message_id=early.id, body=body)
    await sync_to_async(say)(alice, channel, "New")
    async with present(server, alice) as a:
        page = await a.ask("fetch", channel=channel.id, after=position)
        rest = await a.ask("fetch", channel=channel.id, after=page["upto"])
    assert (page["since"], page["upto"], page["more"]) == (position, position + 3, False)
    assert sorted(_bodies(page)) == ["Later still", "New"]
    assert (rest["since"], rest["upto"]) == (page["upto"], page["upto"])
    assert (rest["messages"], rest["more"]) == ([], False)


async def test_a_small_limit_brings_the_rest_in_several_answers(
    server: Place, channel: Channel, alice: User
) -> None:
    position = channel.head
    await sync_to_async(history)(alice, channel, 7)
    bodies: list[str] = []
    async with present(server, alice) as a:
        more = True
        while more:
            page = await a.ask("fetch", channel=channel.id, after=position, limit=3)
            assert page["since"] == position
            bodies += _bodies(page)
            position, more = page["upto"], page["more"]
    assert bodies == _lines(0, 6)


async def test_places_in_other_channels_are_not_found(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    own = await sync_to_async(channel_of)(alice, name="Also hers")
    there = await sync_to_async(say)(alice, own, "There")
    async with present(server, alice) as a:
        for place in (there.id, uuid4()):
            await a.refused("not_found", "fetch", channel=channel.id, around=place)
            await a.refused("not_found", "fetch", channel=channel.id, before=place)


async def test_places_that_are_none_are_a_bad_frame(
    server: Place, channel: Channel, alice: User
) -> None:
    async with present(server, alice) as a:
        for wrong in (
            {"after": -1},
            {"after": "1"},
            {"after": 2**80},
            {"before": "x"},
            {"around": 5},
            {"limit": "many"},
            {"limit": -1},
            {"channel": None},
        ):
            await a.refused("bad_frame", "fetch", **{"channel": channel.id, **wrong})
