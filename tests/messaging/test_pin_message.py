"""Keeping a message at hand for everybody in its channel."""

import pytest

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.exceptions import (
    Archived,
    ChannelNotFound,
    MessageNotFound,
    NotAllowed,
    TooManyPins,
)
from messaging.live import reading
from messaging.models import Channel, Message, Pin
from messaging.rendering import messages_json
from messaging.services import pins
from messaging.services.channels import (
    archive_channel,
    create_channel,
    open_direct,
    set_role,
)
from messaging.services.messages import delete_message
from messaging.services.pins import pin
from tests.messaging.reading_scene import bodies, counted, head, put_out_of_view
from tests.scenes import channel_of, say


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def message(channel: Channel, alice: User) -> Message:
    return say(alice, channel, "Register by nine")


def is_pinned(message: Message) -> bool:
    message.refresh_from_db()
    return bool(messages_json([message])[0]["pinned"])


def test_a_pin_is_one_position_and_one_entry_and_can_be_taken_down_by_anybody(
    message: Message, channel: Channel, alice: User, bob: User
) -> None:
    before = head(channel)
    assert pin(by=bob, message_id=message.id, on=True).changed == before + 1
    assert is_pinned(message)
    assert pin(by=alice, message_id=message.id, on=False).changed == before + 2
    assert not is_pinned(message)
    entries = Entry.objects.filter(action=Action.MESSAGE_PINNED, subject=message.id).order_by("id")
    there = str(channel.id)
    assert [(entry.actor, entry.facts) for entry in entries] == [
        (bob.id, {"channel": there, "position": before + 1, "on": True}),
        (alice.id, {"channel": there, "position": before + 2, "on": False}),
    ]


def test_the_same_again_changes_nothing(
    message: Message, channel: Channel, alice: User, bob: User
) -> None:
    pin(by=bob, message_id=message.id, on=False)
    pin(by=bob, message_id=message.id, on=True)
    entries, position = Entry.objects.count(), head(channel)
    assert pin(by=alice, message_id=message.id, on=True).changed == position
    assert (Entry.objects.count(), head(channel)) == (entries, position)
    assert Pin.objects.get().pinned_by == bob


def test_the_newest_pin_is_fetched_first_in_one_query(
    channel: Channel, alice: User, bob: User
) -> None:
    said = [say(alice, channel, f"Line {number}") for number in range(4)]
    for one in (said[2], said[0], said[3], said[1]):
        pin(by=bob, message_id=one.id, on=True)
    delete_message(by=alice, message_id=said[0].id)
    put_out_of_view(said[3])
    with counted() as sent:
        page = reading.pinned(bob, channel.id)
    assert len(sent) == 1
    assert bodies(page["messages"]) == ["Line 1", "Line 2"]
    assert (page["since"], page["upto"], page["more"]) == (None, None, False)
    assert all(one["pinned"] for one in page["messages"])


def test_nothing_pinned_is_an_empty_page_and_an_outsider_gets_none(
    channel: Channel, message: Message, alice: User, carol: User, theo: User
) -> None:
    assert reading.pinned(alice, channel.id)["messages"] == []
    pin(by=alice, message_id=message.id, on=True)
    for person in (carol, theo):
        with pytest.raises(ChannelNotFound):
            reading.pinned(person, channel.id)
        with pytest.raises(MessageNotFound):
            pin(by=person, message_id=message.id, on=False)


def test_guests_and_readers_of_announcements_do_not_pin(
    message: Message, channel: Channel, alice: User, bob: User
) -> None:
    set_role(by=alice, channel_id=channel.id, person=bob, role="guest")
    announced = create_channel(by=alice, kind="announcement", name="All staff", members=[bob])
    news = say(alice, announced, "INSET day")
    for one in (message, news):
        with pytest.raises(NotAllowed):
            pin(by=bob, message_id=one.id, on=True)
    pin(by=alice, message_id=news.id, on=True)
    assert [is_pinned(one) for one in (message, news)] == [False, True]


def test_both_pin_in_a_direct_conversation(alice: User, bob: User) -> None:
    direct = open_direct(by=alice, people=[bob])
    said = say(alice, direct, "The code is on the board")
    pin(by=bob, message_id=said.id, on=True)
    assert is_pinned(said)


def test_whoever_may_pin_is_told_so(
    message: Message, channel: Channel, alice: User, bob: User
) -> None:
    set_role(by=alice, channel_id=channel.id, person=bob, role="guest")
    told = {
        person.id: reading.joined_channel(channel.id, [person.id])[person.id]["can_pin"]
        for person in (alice, bob)
    }
    assert told == {alice.id: True, bob.id: False}


def test_in_an_archived_channel_pins_stay_as_they_are(
    message: Message, channel: Channel, alice: User
) -> None:
    pin(by=alice, message_id=message.id, on=True)
    archive_channel(by=alice, channel_id=channel.id)
    with pytest.raises(Archived):
        pin(by=alice, message_id=message.id, on=False)
    assert is_pinned(message)


def test_what_is_deleted_or_said_by_the_product_is_not_pinned(
    message: Message, channel: Channel, alice: User
) -> None:
    pin(by=alice, message_id=message.id, on=True)
    delete_message(by=alice, message_id=message.id)
    assert not is_pinned(message)
    system = Message.objects.get(channel=channel, kind="system")
    for one in (message, system):
        with pytest.raises(MessageNotFound):
            pin(by=alice, message_id=one.id, on=True)


def test_a_channel_has_so_many_pins_and_what_is_gone_makes_room(
    channel: Channel, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "MOST_PINS", 2)
    said = [say(alice, channel, f"Line {number}") for number in range(3)]
    for one in said[:2]:
        pin(by=alice, message_id=one.id, on=True)
    with pytest.raises(TooManyPins):
        pin(by=alice, message_id=said[2].id, on=True)
    delete_message(by=alice, message_id=said[0].id)
    pin(by=alice, message_id=said[2].id, on=True)
    assert bodies(reading.pinned(alice, channel.id)["messages"]) == ["Line 2", "Line 1"]
