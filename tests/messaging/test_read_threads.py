"""A thread: a message, what it answers at the root, and every answer below that."""

from uuid import uuid4

import pytest

from accounts.models import User
from messaging.exceptions import ChannelNotFound, MessageNotFound
from messaging.live import reading
from messaging.models import Channel, Message
from messaging.services.messages import delete_message
from tests.messaging.reading_scene import bodies, counted, put_out_of_view
from tests.roles import acting_as
from tests.scenes import channel_of, say


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def said(channel: Channel, alice: User, bob: User) -> dict[str, Message]:
    """Two threads, one in the other's way, and something beside them."""
    root = say(alice, channel, "Who has the key?")
    other = say(bob, channel, "Lunch?")
    first = say(bob, channel, "Not me", reply_to=root.id)
    say(alice, channel, "Beside")
    below = say(alice, channel, "Then who?", reply_to=first.id)
    say(alice, channel, "At one", reply_to=other.id)
    second = say(bob, channel, "Theo, perhaps", reply_to=root.id)
    return {"root": root, "other": other, "first": first, "below": below, "second": second}


WHOLE = ["Who has the key?", "Not me", "Then who?", "Theo, perhaps"]


@pytest.mark.parametrize("name", ["root", "first", "below", "second"])
def test_from_anywhere_in_it_a_thread_is_the_same_in_one_query(
    said: dict[str, Message], channel: Channel, bob: User, name: str
) -> None:
    with counted() as sent:
        page = reading.thread(bob, channel.id, said[name].id)
    assert len(sent) == 1
    assert bodies(page["messages"]) == WHOLE
    assert (page["since"], page["upto"], page["more"]) == (None, None, False)


def test_a_message_without_answers_is_its_own_thread(channel: Channel, alice: User) -> None:
    alone = say(alice, channel, "Alone")
    assert bodies(reading.thread(alice, channel.id, alone.id)["messages"]) == ["Alone"]


def test_a_deleted_root_stays_as_a_tombstone(
    said: dict[str, Message], channel: Channel, alice: User
) -> None:
    delete_message(by=alice, message_id=said["root"].id)
    page = reading.thread(alice, channel.id, said["below"].id)
    assert bodies(page["messages"]) == ["", *WHOLE[1:]]


def test_what_is_out_of_view_is_out_of_the_thread_with_all_above_it(
    said: dict[str, Message], channel: Channel, alice: User
) -> None:
    put_out_of_view(said["root"])
    page = reading.thread(alice, channel.id, said["below"].id)
    assert bodies(page["messages"]) == ["Not me", "Then who?"]
    with pytest.raises(MessageNotFound):
        reading.thread(alice, channel.id, said["root"].id)


def test_nobody_else_reads_a_thread(
    said: dict[str, Message], channel: Channel, alice: User, carol: User, theo: User
) -> None:
    for person in (carol, theo):
        with pytest.raises(ChannelNotFound):
            reading.thread(person, channel.id, said["root"].id)
        own = channel_of(person, name="Their own")
        with pytest.raises(MessageNotFound):
            reading.thread(person, own.id, said["root"].id)
    with pytest.raises(MessageNotFound):
        reading.thread(alice, channel.id, uuid4())


def test_answers_in_a_circle_which_nobody_can_write_come_to_an_end(
    said: dict[str, Message], channel: Channel, alice: User
) -> None:
    with acting_as("owner"):
        Message.objects.filter(id=said["root"].id).update(reply_to=said["below"].id)
    assert reading.thread(alice, channel.id, said["first"].id)["messages"] == []


def test_of_a_long_thread_the_first_two_hundred_come(channel: Channel, alice: User) -> None:
    root = say(alice, channel, "Root")
    for number in range(205):
        say(alice, channel, f"Answer {number}", reply_to=root.id)
    page = reading.thread(alice, channel.id, root.id)
    assert bodies(page["messages"]) == ["Root", *(f"Answer {number}" for number in range(199))]
