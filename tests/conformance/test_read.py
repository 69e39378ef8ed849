"""`read`: a position that goes forward and is answered by nothing."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel, Membership
from tests.conformance.tab import Tab, present
from tests.scenes import channel_of, say
from tests.sockets import Frame, Place

pytestmark = pytest.mark.django_db(transaction=True)


async def _read_in(tab: Tab, channel: Channel) -> Frame:
    welcome = await tab.hello()
    (listed,) = [one for one in welcome["channels"] if one["id"] == str(channel.id)]
    return dict(listed)


async def _comes_to(tab: Tab, channel: Channel, seq: int) -> Frame:
    """Read positions may be written a little later."""
    for _ in range(100):
        if (listed := await _read_in(tab, channel))["read"] == seq:
            return listed
        await asyncio.sleep(0.1)
    raise AssertionError("it was never read")


async def test_what_was_read_is_unread_no_more(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    first, second = [await sync_to_async(say)(alice, channel, word) for word in ("One", "Two")]
    async with present(server, bob) as here, present(server, bob) as there:
        assert (await _read_in(here, channel))["unread"] == 2
        await here.say("read", channel=channel.id, seq=first.seq)
        assert (await _comes_to(there, channel, first.seq))["unread"] == 1
        await there.say("read", channel=channel.id, seq=second.seq)
        assert (await _comes_to(here, channel, second.seq))["unread"] == 0
        frames = [*here.seen, *there.seen]
    assert {frame["type"] for frame in frames}.isdisjoint({"sent", "done", "changes", "error"})


async def test_one_s_own_tabs_hear_of_it_and_nobody_else(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    message = await sync_to_async(say)(alice, channel, "One")
    async with present(server, bob) as here, present(server, bob) as there:
        async with present(server, alice) as a:
            await here.say("read", channel=channel.id, seq=message.seq)
            told = await there.next("read")
            assert (told["channel"], told["user"]) == (str(channel.id), str(bob.id))
            assert told["seq"] == message.seq
            await a.hears_nothing("read", within=0.1)


async def test_a_read_position_never_goes_back(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    other = await sync_to_async(channel_of)(bob, name="To wait for")
    message = await sync_to_async(say)(alice, channel, "One")
    fence = await sync_to_async(say)(bob, other, "Two")
    async with present(server, bob) as here, present(server, bob) as there:
        await here.say("read", channel=channel.id, seq=message.seq)
        await _comes_to(there, channel, message.seq)
        for tab in (here, there):
            await tab.say("read", channel=channel.id, seq=1)
            await tab.say("read", channel=other.id, seq=fence.seq)
        await _comes_to(here, other, fence.seq)
        await _comes_to(there, other, fence.seq)
        assert (await _read_in(here, channel))["read"] == message.seq


async def test_nobody_has_read_what_is_not_there_yet(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    message = await sync_to_async(say)(alice, channel, "One")
    async with present(server, bob) as b:
        await b.say("read", channel=channel.id, seq=message.seq + 1_000)
        await _comes_to(b, channel, message.seq)


async def test_a_position_that_is_none_is_a_bad_frame(
    server: Place, channel: Channel, bob: User
) -> None:
    async with present(server, bob) as b:
        for seq in (None, "1", -1, 1.5, 2**80):
            await b.refused("bad_frame", "read", channel=channel.id, seq=seq)
        await b.refused("bad_frame", "read", channel="x", seq=1)


async def test_who_is_no_member_reads_nothing(server: Place, channel: Channel, carol: User) -> None:
    async with present(server, carol) as c:
        await c.say("read", channel=channel.id, seq=1)
        await c.answers()
    assert not await Membership.objects.filter(person=carol).aexists()
