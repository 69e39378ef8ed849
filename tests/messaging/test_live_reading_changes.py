"""What the hub reads of several channels at once."""

from uuid import uuid4

import pytest

from accounts.models import User
from messaging.live import reading
from messaging.models import Channel
from messaging.services.channels import (
    add_member,
    archive_channel,
    remove_member,
)
from messaging.services.messages import edit_message
from tests.messaging.reading_scene import (
    MESSAGE_FIELDS,
    bodies,
    counted,
    fifty_channels,
    head,
    imported,
    queries_of,
)
from tests.scenes import channel_of, say


@pytest.fixture
def fifty(alice: User, bob: User, carol: User) -> list[Channel]:
    return fifty_channels(alice, bob, carol)


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


def test_the_changes_of_fifty_channels_are_one_query_and_with_members_two(
    fifty: list[Channel], alice: User, bob: User, carol: User
) -> None:
    since = {c.id: head(c) - 1 for c in fifty}
    with counted() as sent:
        found = reading.changes_of(since)
    assert len(sent) == 1
    assert found.keys() == since.keys()
    for at, changes in found.items():
        assert (changes.channel, changes.since, changes.upto) == (at, since[at], since[at] + 1)
        assert (changes.reset, changes.members) == (False, None)
        assert [list(change.message) for change in changes.changes] == [MESSAGE_FIELDS]

    asked = [fifty[0].id, fifty[49].id]
    with counted() as sent:
        found = reading.changes_of(since, with_members=asked)
    assert len(sent) == 2
    assert [at for at, changes in found.items() if changes.members is not None] == asked
    assert found[asked[0]].members == frozenset({alice.id, bob.id})
    assert found[asked[1]].members == frozenset({alice.id, bob.id, carol.id})


def test_changes_come_in_their_order_with_what_system_messages_are_about(
    channel: Channel, alice: User, bob: User, carol: User
) -> None:
    first = say(alice, channel, "First")
    say(bob, channel, "Second")
    edit_message(author=alice, message_id=first.id, body="First, mended")
    add_member(by=alice, channel_id=channel.id, person=carol)
    remove_member(by=alice, channel_id=channel.id, person=bob)
    archive_channel(by=alice, channel_id=channel.id)
    found = reading.changes_of({channel.id: 0})[channel.id]

    assert [(c.event, c.person) for c in found.changes] == [
        ("created", None),
        (None, None),
        (None, None),
        ("joined", carol.id),
        ("removed", bob.id),
        ("archived", None),
    ]
    assert bodies([c.message for c in found.changes]) == ["Second", "First, mended"]
    positions = [c.message["changed"] for c in found.changes]
    assert positions == sorted(positions)
    assert (found.upto, found.reset) == (head(channel), False)


def test_a_channel_without_news_is_there_and_one_that_is_gone_is_not(channel: Channel) -> None:
    at = head(channel)
    found = reading.changes_of({channel.id: at, uuid4(): 0})
    assert list(found) == [channel.id]
    assert (found[channel.id].changes, found[channel.id].upto) == ((), at)
    assert queries_of(lambda: reading.changes_of({})) == 0


def test_more_than_a_frame_holds_is_read_in_several_goes(
    channel: Channel, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.live.reading.changes.MOST_MESSAGES", 3)
    since = head(channel)
    for n in range(7):
        say(bob, channel, f"Line {n}")
    got, goes = [], 0
    while since < head(channel):
        found = reading.changes_of({channel.id: since})[channel.id]
        assert len(found.changes) <= 3
        got += bodies([c.message for c in found.changes])
        since, goes = found.upto, goes + 1
    assert got == [f"Line {n}" for n in range(7)]
    assert goes == 3


def test_below_the_floor_there_is_a_reset_the_members_and_who_came_and_went(
    channel: Channel, alice: User, bob: User, carol: User
) -> None:
    since = head(channel)
    say(bob, channel, "Overtaken by the import")
    imported(channel, alice)
    add_member(by=alice, channel_id=channel.id, person=carol)

    with counted() as sent:
        found = reading.changes_of({channel.id: since})[channel.id]
    assert len(sent) <= 3
    assert found.reset
    assert [(c.event, c.person) for c in found.changes] == [("joined", carol.id)]
    assert found.members == frozenset({alice.id, bob.id, carol.id})
    assert found.upto == head(channel)
    assert reading.greeting(alice.id, {str(channel.id): since}).frames == [
        {"type": "reset", "channel": str(channel.id)}
    ]
    assert reading.after(alice, channel.id, since) == {
        "type": "reset",
        "channel": str(channel.id),
    }
    at_floor = reading.after(alice, channel.id, Channel.objects.get(id=channel.id).floor)
    assert [m["kind"] for m in at_floor["messages"]] == ["system"]
