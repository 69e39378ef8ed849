"""Presence over the websocket: off unless the school wants it, and to nobody but those who share a
channel."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import OperationalError

from accounts.models import User
from audit.models import Entry
from messaging.live import circles, presence
from messaging.live.attendance import Pace
from messaging.live.moods import Moods
from messaging.live.presence import Presence
from messaging.models import Channel
from messaging.services.channels import (
    add_member,
    archive_channel,
    open_direct,
    remove_member,
)
from tests.patience import until
from tests.scenes import channel_of, settle
from tests.server import Server
from tests.sockets import Client, connected

pytestmark = pytest.mark.django_db(transaction=True)

QUICK = Pace(tell=0.05, heartbeat=0.2, expiry=0.6, linger=0.5)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "Pace", lambda: QUICK)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def on(transactional_db: None, quick: None) -> None:
    settle(presence="on", typing="on")


type Enter = Callable[[User], Awaitable[Client]]


@pytest_asyncio.fixture
async def enter(server: Server) -> AsyncIterator[Enter]:
    """`await enter(person)`: their browser, which has said hello."""
    async with AsyncExitStack() as stack:

        async def one(person: User) -> Client:
            client = await stack.enter_async_context(connected(server, person))
            await client.hello()
            return client

        yield one


def _shown(client: Client) -> list[tuple[UUID, str]]:
    frames = [frame for frame in client.seen if frame["type"] == "presence"]
    assert all(frame.keys() == {"type", "user", "state"} for frame in frames)
    return [(UUID(frame["user"]), frame["state"]) for frame in frames]


async def _sees(client: Client, person: User, state: str) -> None:
    await client.next("presence", user=str(person.id), state=state)


def test_off_costs_nothing() -> None:
    off = Presence(Moods(lambda *_: None), lambda *_: None)
    off.opened(UUID(int=1))
    off.active(UUID(int=1))
    off.closed(UUID(int=1))
    assert not off._tasks._tasks
    assert not off._attendance.here


@pytest.mark.shows("presence")
async def test_it_can_be_changed_at_any_time_and_pages_that_are_open_follow(
    quick: None, enter: Enter, channel: Channel, alice: User, bob: User, theo: User
) -> None:
    hers, his = await enter(alice), await enter(bob)
    await hers.hears_nothing("presence", within=0.3)
    for extent in ("on", "direct", "on"):
        await sync_to_async(settle)(presence=extent)
        for client in (hers, his):
            told = await client.next("school")
            assert told["school"]["presence"] == extent
        if extent == "on":
            await _sees(hers, bob, "online")
            await _sees(his, alice, "online")
        else:
            await hers.hears_nothing("presence", within=0.3)
    await sync_to_async(settle)(presence="off")
    await hers.next("school")
    await his.socket.close()
    await hers.hears_nothing("presence", within=0.8)


@pytest.mark.shows("presence")
async def test_who_shares_a_channel_is_shown_and_nobody_else(
    on: None, enter: Enter, channel: Channel, alice: User, bob: User, carol: User, theo: User
) -> None:
    entries = await Entry.objects.acount()
    hers, strangers = await enter(alice), [await enter(carol), await enter(theo)]
    his = await enter(bob)
    await _sees(his, alice, "online")
    await _sees(hers, bob, "online")
    await asyncio.sleep(0.3)
    assert set(_shown(hers)) == {(bob.id, "online")}
    assert set(_shown(his)) == {(alice.id, "online")}
    assert [_shown(stranger) for stranger in strangers] == [[], []]
    assert await Entry.objects.acount() == entries


@pytest.mark.shows("presence")
async def test_with_direct_only_those_who_write_to_one_another_are_shown(
    quick: None,
    enter: Enter,
    channel: Channel,
    alice: User,
    bob: User,
    carol: User,
) -> None:
    await sync_to_async(settle)(presence="direct")
    await sync_to_async(open_direct)(by=alice, people=[carol])
    hers, his, theirs = await enter(alice), await enter(bob), await enter(carol)
    await _sees(theirs, alice, "online")
    await _sees(hers, carol, "online")
    await asyncio.sleep(0.3)
    await hers.answers()
    assert _shown(hers) == [(carol.id, "online")]
    await sync_to_async(open_direct)(by=bob, people=[alice])
    await _sees(hers, bob, "online")
    await _sees(his, alice, "online")
    assert (bob.id, "online") not in _shown(theirs)


async def test_who_leaves_is_offline_after_a_while_but_not_who_reloads(
    on: None,
    server: Server,
    enter: Enter,
    channel: Channel,
    alice: User,
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(presence, "Pace", lambda: replace(QUICK, linger=3.0))
    hers = await enter(alice)
    for _ in range(2):
        async with connected(server, bob) as his:
            await his.hello()
            await asyncio.sleep(0.2)
    await _sees(hers, bob, "online")
    await _sees(hers, bob, "offline")
    assert _shown(hers) == [(bob.id, "online"), (bob.id, "offline")]


async def test_who_only_pings_is_away_and_who_types_is_back(
    on: None,
    enter: Enter,
    channel: Channel,
    alice: User,
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(presence, "Pace", lambda: replace(QUICK, idle=1.0))
    hers, his = await enter(alice), await enter(bob)
    await _sees(hers, bob, "online")
    for _ in range(15):
        await his.answers()
        await hers.say("typing", channel=channel.id)
        await asyncio.sleep(0.1)
    await _sees(hers, bob, "away")
    await his.say("typing", channel=channel.id)
    await _sees(hers, bob, "online")
    await his.answers()
    assert (alice.id, "away") not in _shown(his)


async def test_who_joins_is_shown_and_who_is_removed_is_not(
    on: None, enter: Enter, channel: Channel, alice: User, bob: User, carol: User
) -> None:
    hers, theirs = await enter(alice), await enter(carol)
    await theirs.hears_nothing("presence")
    await sync_to_async(add_member)(by=alice, channel_id=channel.id, person=carol)
    await _sees(theirs, alice, "online")
    await _sees(hers, carol, "online")
    await sync_to_async(remove_member)(by=alice, channel_id=channel.id, person=carol)
    await _sees(theirs, alice, "offline")
    await _sees(hers, carol, "offline")
    await enter(bob)
    await _sees(hers, bob, "online")
    assert (bob.id, "online") not in _shown(theirs)


async def test_who_shares_another_channel_too_is_shown_all_along(
    on: None, enter: Enter, channel: Channel, alice: User, bob: User
) -> None:
    other = await sync_to_async(channel_of)(alice, name="Other")
    hers = await enter(alice)
    await enter(bob)
    await _sees(hers, bob, "online")
    await sync_to_async(add_member)(by=alice, channel_id=other.id, person=bob)
    await asyncio.sleep(0.2)
    await sync_to_async(remove_member)(by=alice, channel_id=other.id, person=bob)
    await asyncio.sleep(0.4)
    await hers.answers()
    assert _shown(hers) == [(bob.id, "online")]


async def test_many_who_come_together_are_one_question_which_is_asked_until_it_is_answered(
    on: None,
    enter: Enter,
    channel: Channel,
    alice: User,
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[set[UUID]] = []

    def counted(**given: Any) -> dict[UUID, frozenset[UUID]]:
        asked.append(set(given["people"]))
        assert len(asked) == 1 or channel.id in given["known"]
        if len(asked) == 2:
            raise OperationalError
        return members_around(**given)

    members_around = circles.members_around
    monkeypatch.setattr(circles, "members_around", counted)
    monkeypatch.setattr(presence, "Pace", lambda: Pace(tell=0.8))
    other = await sync_to_async(channel_of)(bob, name="Other")
    hers, _again = await enter(alice), await enter(alice)
    await until(lambda: bool(asked))
    his, _again = await enter(bob), await enter(bob)
    await _sees(hers, bob, "online")
    await _sees(his, alice, "online")
    await his.say("typing", channel=other.id)
    await asyncio.sleep(1.8)
    assert asked == [{alice.id}, {bob.id}, {bob.id}]


def test_only_channels_that_count_and_are_not_known_are_asked_for(
    channel: Channel, alice: User, bob: User, carol: User
) -> None:
    direct = open_direct(by=alice, people=[carol])
    old, left, named = (channel_of(alice, bob, name=name) for name in ("Old", "Left", "Named"))
    archive_channel(by=alice, channel_id=old.id)
    remove_member(by=alice, channel_id=left.id, person=bob)

    def found(*people: User, only_direct: bool = False, **more: Any) -> set[UUID]:
        given = {"channels": (), "known": (), **more, "people": [person.id for person in people]}
        return set(circles.members_around(only_direct=only_direct, **given))

    assert found(bob) == {channel.id, named.id}
    assert found(bob, known=[channel.id]) == {named.id}
    assert found(bob, channels=[direct.id, old.id]) == {channel.id, named.id, direct.id}
    assert found(alice, only_direct=True) == {direct.id}
    assert found(bob, only_direct=True) == set()
    members = circles.members_around(people=(), channels=[left.id], known=(), only_direct=False)
    assert members == {left.id: {alice.id}}
