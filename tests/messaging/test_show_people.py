"""What is shown of people is the school's to settle: who is there, who writes, who has read what;
each off, in direct messages only, or on. What is off never leaves the server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from itertools import product
from uuid import UUID

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async

from accounts.errors import NotAllowed
from accounts.models import User
from audit.models import Entry
from audit.sealed import open_record
from messaging.live import presence, read_positions
from messaging.live.attendance import Pace
from messaging.models import Channel, Membership, SchoolSettings
from messaging.services.channels import add_member, open_direct, remove_member
from messaging.services.school import change_school
from tests.roles import acting_as
from tests.scenes import channel_of, say, settle
from tests.server import Server, serving
from tests.sockets import Client, connected

pytestmark = pytest.mark.django_db(transaction=True)

QUICK = Pace(tell=0.05, heartbeat=0.2, expiry=0.6, linger=0.5)
KINDS = {"presence": "presence", "typing": "typing", "receipts": "read"}
#: What each frame may say. Nothing of it is a time: nobody is told when somebody was last there.
FIELDS = {
    "presence": {"type", "user", "state"},
    "typing": {"type", "channel", "user"},
    "read": {"type", "channel", "user", "seq"},
}
EXTENTS = ("off", "direct", "on")


@pytest.fixture
def server(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(presence, "Pace", lambda: QUICK)
    monkeypatch.setattr(read_positions, "EVERY_SECONDS", 0.02)
    with serving() as running:
        yield running


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def direct(transactional_db: None, alice: User, carol: User) -> Channel:
    return open_direct(by=alice, people=[carol])


@pytest_asyncio.fixture
async def three(
    server: Server, channel: Channel, direct: Channel, alice: User, bob: User, carol: User
) -> AsyncIterator[list[Client]]:
    """Alice, who shares a channel with Bob and writes to Carol; Bob and Carol share nothing."""
    async with AsyncExitStack() as stack:
        tabs = [
            await stack.enter_async_context(connected(server, one)) for one in (alice, bob, carol)
        ]
        for tab in tabs:
            await tab.hello()
        yield tabs


async def _do_everything(three: list[Client], channel: Channel, direct: Channel) -> None:
    """Each shows what can be shown: they are there, they write, they read."""
    hers, his, theirs = three
    for place, other in ((channel, his), (direct, theirs)):
        sent = await hers.send(place.id, "A word")
        await other.say("typing", channel=place.id)
        await other.say("read", channel=place.id, seq=sent["message"]["seq"])


def _heard(tab: Client, kind: str, but: UUID) -> set[str]:
    """Of whom a tab has heard frames of this kind, beside oneself."""
    frames = [frame for frame in tab.seen if frame["type"] == kind]
    assert all(frame.keys() == FIELDS[kind] for frame in frames)
    return {frame["user"] for frame in frames} - {str(but)}


@pytest.mark.shows("presence", "typing", "receipts")
@pytest.mark.parametrize(("setting", "extent"), [*product(KINDS, EXTENTS)])
async def test_of_each_kind_no_more_is_told_than_is_settled(
    setting: str,
    extent: str,
    three: list[Client],
    channel: Channel,
    direct: Channel,
    alice: User,
    bob: User,
    carol: User,
) -> None:
    await sync_to_async(settle)(**{setting: extent})
    for tab in three:
        await tab.follows(**{setting: extent})
    await _do_everything(three, channel, direct)
    seen = {"off": set(), "direct": {str(carol.id)}, "on": {str(bob.id), str(carol.id)}}[extent]
    for person in seen:
        await three[0].next(KINDS[setting], user=person)
    await three[0].hears_nothing(*(set(KINDS.values()) - {KINDS[setting]}), within=0.25)
    await three[1].hears_nothing("typing", within=0.25)
    assert _heard(three[0], KINDS[setting], alice.id) == seen
    others = {kind: _heard(three[1], kind, bob.id) for kind in KINDS.values()}
    told_bob = {str(alice.id)} if (setting, extent) == ("presence", "on") else set()
    assert others == {kind: told_bob if kind == "presence" else set() for kind in KINDS.values()}


async def test_receipts_of_what_was_read_before_are_asked_for_and_only_of_ones_own_messages(
    three: list[Client], channel: Channel, direct: Channel, alice: User, bob: User, carol: User
) -> None:
    hers, his, theirs = three
    sent = [(await hers.send(channel.id, word))["message"] for word in ("One", "Two")]
    await his.say("read", channel=channel.id, seq=sent[0]["seq"])
    await _stored(bob, channel, sent[0]["seq"])
    refused = await hers.ask("receipts", channel=channel.id)
    assert (refused["type"], refused["code"]) == ("error", "refused")
    await sync_to_async(settle)(receipts="on")
    await hers.follows(receipts="on")
    told = await _receipts(hers, channel)
    assert told == [{"user": str(bob.id), "seq": sent[0]["seq"]}]
    assert (await _receipts(his, channel)) == []
    # Who came later has read nothing of before; who is not in it, and who left, is told nothing.
    await sync_to_async(add_member)(by=alice, channel_id=channel.id, person=carol)
    assert await _receipts(hers, channel) == told
    await sync_to_async(remove_member)(by=alice, channel_id=channel.id, person=carol)
    assert (await theirs.ask("receipts", channel=channel.id))["code"] == "refused"
    await sync_to_async(settle)(receipts="direct")
    await hers.follows(receipts="direct")
    assert (await hers.ask("receipts", channel=channel.id))["code"] == "refused"
    assert await _receipts(hers, direct) == []


async def _stored(reader: User, channel: Channel, seq: int) -> None:
    """Positions are stored many at once, a little later."""
    mine = Membership.objects.filter(person=reader, channel=channel, read_seq=seq)
    async with asyncio.timeout(5):
        while not await mine.aexists():  # noqa: ASYNC110  (nothing tells of it while they are off)
            await asyncio.sleep(0.01)


async def _receipts(tab: Client, channel: Channel) -> list[dict[str, object]]:
    ref = await tab.say("receipts", channel=channel.id)
    answer = await tab.next("receipts", ref=ref)
    assert all(one.keys() == {"user", "seq"} for one in answer["readers"])
    return list(answer["readers"])


async def test_an_author_who_has_left_is_told_nothing_more(
    three: list[Client], channel: Channel, alice: User, bob: User, dana: User
) -> None:
    await sync_to_async(add_member)(by=alice, channel_id=channel.id, person=dana)
    said = await sync_to_async(say)(dana, channel, "Before I go")
    await sync_to_async(remove_member)(by=alice, channel_id=channel.id, person=dana)
    await sync_to_async(settle)(receipts="on")
    for tab in three:
        await tab.follows(receipts="on")
    sent = await three[0].send(channel.id, "After her")
    await three[1].say("read", channel=channel.id, seq=sent["message"]["seq"])
    heard = await three[0].next("read", user=str(bob.id))
    assert heard["seq"] == sent["message"]["seq"] > said.seq


def test_a_change_is_one_entry_with_its_values_sealed(theo: User) -> None:
    change_school(by=theo, wanted={"presence": "direct", "typing": "on", "receipts": "off"})
    (entry,) = Entry.objects.filter(action="setting.changed")
    assert entry.actor == theo.id
    assert entry.facts["model"] == "messaging.SchoolSettings"
    assert entry.facts["fields"] == ["presence", "typing"]
    with acting_as("owner"):
        values = open_record(entry.facts["record"])["values"]
    assert values == {"presence": ["off", "direct"], "typing": ["off", "on"]}
    change_school(by=theo, wanted={"presence": "direct"})
    assert Entry.objects.filter(action="setting.changed").count() == 1
    assert SchoolSettings.objects.get().typing == "on"


def test_only_administrators_and_approvers_change_it(
    alice: User, dana: User, priya: User, helen: User
) -> None:
    for person in (alice, dana, priya):
        with pytest.raises(NotAllowed):
            change_school(by=person, wanted={"presence": "on"})
    assert not SchoolSettings.objects.exists()
    change_school(by=helen, wanted={"presence": "on"})
    assert SchoolSettings.objects.get().presence == "on"
