"""`fetch … date`: the place where a day begins, by the school's clock."""

from datetime import UTC, datetime

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel, Message
from tests.conformance.scenes import history
from tests.conformance.tab import present
from tests.scenes import channel_of
from tests.sockets import Frame, Place

pytestmark = pytest.mark.django_db(transaction=True)

#: In summer the school's clock is an hour ahead of UTC, where these are still the day before.
BEFORE_MIDNIGHT = datetime(2026, 6, 10, 22, 59, 59, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2026, 6, 10, 23, 0, 1, tzinfo=UTC)


def _two_days(author: User, channel: Channel) -> None:
    history(author, channel, 3, at=BEFORE_MIDNIGHT, words=" of the tenth")
    history(author, channel, 3, at=AFTER_MIDNIGHT, words=" of the eleventh")


def _at(page: Frame) -> str:
    """The words of the message that the page was asked for."""
    (there,) = (one for one in page["messages"] if one["id"] == page["at"])
    return str(there["body"])


async def test_a_day_begins_at_midnight_of_the_school_s_clock(
    server: Place, channel: Channel, alice: User
) -> None:
    await sync_to_async(_two_days)(alice, channel)
    async with present(server, alice) as a:
        day = await a.ask("fetch", channel=channel.id, date="2026-06-11", limit=4)
        before = await a.ask("fetch", channel=channel.id, date="2026-06-10", limit=4)
    assert _at(day) == "Line 0 of the eleventh"
    assert day["messages"][0]["body"] == "Line 1 of the tenth"
    assert (day["since"], day["upto"], len(day["messages"])) == (None, None, 4)
    assert _at(before) == "Line 0 of the tenth"


async def test_an_empty_day_leads_to_the_next_one_with_messages(
    server: Place, channel: Channel, alice: User
) -> None:
    await sync_to_async(_two_days)(alice, channel)
    async with present(server, alice) as a:
        page = await a.ask("fetch", channel=channel.id, date="2025-12-25")
    assert _at(page) == "Line 0 of the tenth"


async def test_a_day_after_the_last_message_has_an_empty_page(
    server: Place, channel: Channel, alice: User
) -> None:
    async with present(server, alice) as a:
        page = await a.ask("fetch", channel=channel.id, date="9999-12-31")
        first = await a.ask("fetch", channel=channel.id, date="0001-01-01")
    assert (page["at"], page["messages"], page["more"]) == (None, [], False)
    oldest = await Message.objects.order_by("sent_at", "id").afirst()
    assert oldest is not None
    assert first["at"] == str(oldest.id)


async def test_a_stranger_learns_nothing_of_the_days_of_a_channel(
    server: Place, channel: Channel, carol: User
) -> None:
    await sync_to_async(channel_of)(carol, name="Her own")
    async with present(server, carol) as c:
        await c.refused("not_a_member", "fetch", channel=channel.id, date="2026-06-11")


async def test_days_that_are_none_are_a_bad_frame(
    server: Place, channel: Channel, alice: User
) -> None:
    async with present(server, alice) as a:
        wrongs: tuple[object, ...] = ("20260611", "2026-W24-4", "2026-02-30", "today", "", 5, {})
        for wrong in wrongs:
            await a.refused("bad_frame", "fetch", channel=channel.id, date=wrong)
