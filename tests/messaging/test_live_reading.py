"""What a socket hears when it says hello: in two queries, of one state, and within bounds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import orjson
import pytest
from django.db import connection, connections

from accounts.models import User
from messaging.live import reading
from messaging.live.reading import hello
from messaging.live.reading.changes import stretches_of
from messaging.models import Channel
from messaging.services.channels import (
    create_channel,
    mark_read_many,
    open_direct,
)
from tests.messaging.reading_scene import (
    CHANNEL_FIELDS,
    MESSAGE_FIELDS,
    bodies,
    counted,
    fifty_channels,
    head,
    long_messages,
)
from tests.roles import acting_as
from tests.scenes import channel_of, say


@pytest.fixture
def fifty(alice: User, bob: User, carol: User) -> list[Channel]:
    return fifty_channels(alice, bob, carol)


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


def test_hello_in_fifty_channels_that_all_moved_is_two_queries(
    fifty: list[Channel], alice: User, bob: User
) -> None:
    positions = {str(c.id): at - 1 for c, at in ((c, head(c)) for c in fifty)}
    with counted() as sent:
        greeting = reading.greeting(alice.id, positions)

    assert len(sent) <= 2
    assert len(greeting.welcome["channels"]) == len(greeting.frames) == 50
    for listed, frame in zip(greeting.welcome["channels"], greeting.frames, strict=True):
        assert list(listed) == CHANNEL_FIELDS
        assert list(frame) == ["type", "ref", "channel", "since", "upto", "messages", "more"]
        assert frame["channel"] == listed["id"]
        assert (frame["since"], frame["upto"]) == (listed["last"] - 1, listed["last"])
        assert (frame["ref"], frame["more"], len(frame["messages"])) == (None, False, 1)
        assert list(frame["messages"][0]) == MESSAGE_FIELDS
        assert frame["messages"][0]["author"] == {"id": str(bob.id), "name": bob.display_name}
        assert frame["messages"][0]["html"] == f"<p>{frame['messages'][0]['body']}</p>"


def test_a_first_hello_is_one_query_and_lists_what_the_rail_shows(
    fifty: list[Channel], alice: User, bob: User, carol: User
) -> None:
    with counted() as sent:
        greeting = reading.greeting(alice.id, {})
    assert len(sent) == 1
    assert greeting.frames == []
    fields = greeting.welcome
    assert list(fields) == ["protocol", "user", "server_time", "channels"]
    assert fields["user"] == {"id": str(alice.id), "name": alice.display_name}
    shown = {listed["id"]: listed for listed in fields["channels"]}
    both = shown[str(fifty[49].id)]
    assert both["name"] == f"{bob.display_name}, {carol.display_name}"
    assert both["people"] == [str(bob.id), str(carol.id)]
    assert shown[str(fifty[48].id)]["people"] == [str(bob.id)]
    year = shown[str(fifty[0].id)]
    assert (year["name"], year["kind"], year["people"]) == ("Class 00", "private", [])
    assert (year["last"], year["unread"], year["can_post"]) == (head(fifty[0]), 1, True)


@pytest.mark.parametrize("given", [{}, {"x": 1}, {str(uuid4()): 0}])
def test_positions_of_channels_that_are_not_the_persons_are_passed_over(
    alice: User, given: dict[str, int]
) -> None:
    greeting = reading.greeting(alice.id, given)
    assert (greeting.welcome["channels"], greeting.frames) == ([], [])


@pytest.mark.parametrize("position", [-1, -(10**30), 10**30, True])
def test_a_position_that_no_client_can_have_is_harmless(
    channel: Channel, alice: User, position: int
) -> None:
    frames = reading.greeting(alice.id, {str(channel.id): position}).frames
    assert [f["upto"] for f in frames] == ([head(channel)] if position < head(channel) else [])


def test_a_client_that_was_away_for_long_gets_some_now_and_fetches_the_rest(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hello, "MOST_CAUGHT_UP", 7)
    long, short = channel_of(alice, bob, name="Long"), channel_of(alice, bob, name="Short")
    positions = {str(c.id): head(c) for c in (long, short)}
    for n in range(6):
        say(bob, long, f"Line {n}")
    say(bob, short, "One")
    say(bob, short, "Two")

    frames = {f["channel"]: f for f in reading.greeting(alice.id, positions).frames}
    assert bodies(frames[str(short.id)]["messages"]) == ["One", "Two"]
    waiting = frames[str(long.id)]
    assert (waiting["messages"], waiting["more"]) == ([], True)
    assert waiting["since"] == waiting["upto"] == positions[str(long.id)]
    rest = reading.after(alice, long.id, waiting["upto"])
    assert bodies(rest["messages"]) == [f"Line {n}" for n in range(6)]
    assert (rest["upto"], rest["more"]) == (head(long), False)


def test_ten_thousand_missed_messages_are_not_read_for_one_hello(
    fifty: list[Channel], alice: User, bob: User
) -> None:
    """Each channel moved by 200; what may be read is said before anything is."""
    with acting_as("owner"):
        Channel.objects.update(head=300)
    positions = {str(c.id): 100 for c in fifty}
    with patch.object(hello, "stretches_of", wraps=stretches_of) as read:
        frames = reading.greeting(alice.id, positions).frames
    assert len(read.call_args[0][0]) == hello.MOST_CAUGHT_UP // 200
    assert len(frames) == 50
    assert sum(frame["more"] for frame in frames) == 50 - hello.MOST_CAUGHT_UP // 200


@pytest.mark.parametrize("letter", ["&", "\x01", "€"])
def test_long_messages_fill_a_frame_sooner_and_nothing_is_lost(
    channel: Channel, alice: User, bob: User, letter: str
) -> None:
    """A client of many a library refuses a frame of 1 MiB."""
    since = head(channel)
    written = long_messages(bob, channel, 30, letter)

    frame = reading.greeting(alice.id, {str(channel.id): since}).frames[0]
    got, goes = frame["messages"], 1
    while frame["more"]:
        frame = reading.after(alice, channel.id, frame["upto"])
        assert len(orjson.dumps(frame)) < 600_000
        got, goes = got + frame["messages"], goes + 1
    assert bodies(got) == written
    assert goes > 1
    newest = reading.latest(alice, channel.id, 40)
    oldest = UUID(newest["messages"][0]["id"])
    beside = reading.beside(alice, channel.id, oldest, 40)
    before = reading.earlier(alice, channel.id, oldest, 40)
    for page in (newest, beside):
        assert len(orjson.dumps(page)) < 600_000
    assert (newest["more"], newest["upto"]) == (True, head(channel))
    assert bodies(newest["messages"]) == written[-len(newest["messages"]) :]
    assert before["messages"][-1]["changed"] == newest["messages"][0]["changed"] - 1
    assert [m for m in got if m in beside["messages"]] == beside["messages"]


def test_the_hub_reads_long_messages_in_several_goes(
    channel: Channel, alice: User, bob: User
) -> None:
    since = head(channel)
    written = long_messages(bob, channel, 30, "&")
    got, goes = [], 0
    while since < head(channel):
        found = reading.changes_of({channel.id: since})[channel.id]
        got += [change.message for change in found.changes]
        since, goes = found.upto, goes + 1
    assert bodies(got) == written
    assert goes > 1


def test_long_messages_of_several_channels_fill_one_hello(alice: User, bob: User) -> None:
    channels = [channel_of(alice, bob, name=name) for name in ("First", "Second", "Third")]
    positions = {str(c.id): head(c) for c in channels}
    written = {str(c.id): long_messages(bob, c, 7, "€") for c in channels}

    frames = reading.greeting(alice.id, positions).frames
    assert [frame["more"] for frame in frames] == [False, True, True]
    assert [len(frame["messages"]) for frame in frames] == [7, 3, 0]
    for frame in frames:
        missed = reading.after(alice, UUID(frame["channel"]), frame["upto"])["messages"]
        assert bodies(frame["messages"] + missed) == written[frame["channel"]]


@pytest.mark.django_db(transaction=True)
def test_welcome_and_what_was_missed_are_one_state_and_the_connection_can_write_again(
    channel: Channel, alice: User, bob: User
) -> None:
    since = head(channel)
    say(bob, channel, "Before")

    def elsewhere(*args: Any) -> Any:
        with ThreadPoolExecutor(1) as other:
            other.submit(_in_its_own_connection, partial(say, bob, channel, "Meanwhile")).result()
        return stretches_of(*args)

    with patch.object(hello, "stretches_of", elsewhere):
        greeting = reading.greeting(alice.id, {str(channel.id): since})
    assert greeting.frames[0]["upto"] == greeting.welcome["channels"][0]["last"] == since + 1
    assert bodies(greeting.frames[0]["messages"]) == ["Before"]
    say(alice, channel, "Written after reading")
    assert head(channel) == since + 3


@pytest.mark.django_db(transaction=True)
def test_a_reading_that_fails_leaves_the_connection_fit_for_writing(
    channel: Channel, alice: User
) -> None:
    with patch.object(hello, "stretches_of", side_effect=ZeroDivisionError):
        with pytest.raises(ZeroDivisionError):
            reading.greeting(alice.id, {str(channel.id): 0})
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)
    say(alice, channel, "Still writing")


def _in_its_own_connection(act: Callable[[], object]) -> None:
    try:
        act()
    finally:
        connections.close_all()


def test_a_channel_is_shown_to_two_hundred_people_in_one_query(alice: User, carol: User) -> None:
    people = [User.objects.create_user(f"p{n}@school.example") for n in range(200)]
    channel = create_channel(by=alice, kind="announcement", name="All staff", members=people)
    message = say(alice, channel, "Welcome back")
    mark_read_many(positions={(people[0].id, channel.id): message.seq})
    say(alice, channel, "Lunch is at twelve")

    everybody = [alice.id, carol.id, *(person.id for person in people)]
    with counted() as sent:
        shown = reading.joined_channel(channel.id, everybody)
    assert len(sent) == 1
    assert shown.keys() == {alice.id, *(person.id for person in people)}
    assert list(shown[alice.id]) == CHANNEL_FIELDS
    assert [shown[p.id]["unread"] for p in (alice, people[0], people[1])] == [0, 1, 2]
    assert [shown[p.id]["can_post"] for p in (alice, people[0])] == [True, False]
    for person in (alice, people[0], people[1]):
        assert reading.greeting(person.id, {}).welcome["channels"] == [shown[person.id]]


def test_a_direct_channel_is_shown_to_each_with_the_others_names(
    alice: User, bob: User, carol: User
) -> None:
    direct = open_direct(by=alice, people=[bob])
    shown = reading.joined_channel(direct.id, [alice.id, bob.id, carol.id])
    assert {person: fields["name"] for person, fields in shown.items()} == {
        alice.id: bob.display_name,
        bob.id: alice.display_name,
    }
    alone = open_direct(by=alice, people=[])
    assert reading.joined_channel(alone.id, [alice.id])[alice.id]["name"] == "Only you"
