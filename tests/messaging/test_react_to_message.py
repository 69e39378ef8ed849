"""Giving a message an emoji, and taking it back."""

from typing import Any
from uuid import UUID

import pytest

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.emoji import listed
from messaging.exceptions import Archived, MessageNotFound, NoSuchEmoji, TooManyEmoji
from messaging.live import reading
from messaging.models import Channel, Message, Reaction
from messaging.queries import newest
from messaging.rendering import messages_json
from messaging.services.channels import archive_channel, remove_member, set_role
from messaging.services.messages import delete_message, edit_message
from messaging.services.reactions import MOST_EMOJI, react
from tests.messaging.reading_scene import counted, head, put_out_of_view
from tests.scenes import channel_of, say

THUMB = "👍"


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def message(channel: Channel, alice: User) -> Message:
    return say(alice, channel, "The bus is late")


def shown(message: Message) -> list[dict[str, Any]]:
    message.refresh_from_db()
    return list(messages_json([message])[0]["reactions"])


def test_reactions_are_shown_in_the_order_of_their_first_use_with_who_gave_them(
    message: Message, alice: User, bob: User
) -> None:
    react(by=bob, message_id=message.id, emoji="🎉", on=True)
    react(by=bob, message_id=message.id, emoji=THUMB, on=True)
    react(by=alice, message_id=message.id, emoji="🎉", on=True)
    assert shown(message) == [
        {"emoji": "🎉", "count": 2, "users": [str(bob.id), str(alice.id)]},
        {"emoji": THUMB, "count": 1, "users": [str(bob.id)]},
    ]


def test_a_reaction_is_one_position_and_one_entry_with_code_points(
    message: Message, channel: Channel, bob: User
) -> None:
    before = head(channel)
    changed = react(by=bob, message_id=message.id, emoji="👍🏽", on=True)
    assert changed.changed == head(channel) == before + 1
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.actor, entry.subject) == (
        Action.MESSAGE_REACTED,
        bob.id,
        message.id,
    )
    assert entry.facts == {
        "channel": str(channel.id),
        "position": before + 1,
        "emoji": "1f44d-1f3fd",
        "on": True,
    }


def test_the_same_again_changes_nothing(message: Message, channel: Channel, bob: User) -> None:
    react(by=bob, message_id=message.id, emoji=THUMB, on=True)
    entries, position = Entry.objects.count(), head(channel)
    again = react(by=bob, message_id=message.id, emoji=THUMB, on=True)
    other = react(by=bob, message_id=message.id, emoji="🎉", on=False)
    assert again.changed == other.changed == position
    assert (Entry.objects.count(), head(channel)) == (entries, position)
    assert len(shown(message)) == 1


def test_what_is_taken_back_is_gone_and_the_log_keeps_both(
    message: Message, channel: Channel, alice: User, bob: User
) -> None:
    for person in (alice, bob):
        react(by=person, message_id=message.id, emoji=THUMB, on=True)
    react(by=alice, message_id=message.id, emoji=THUMB, on=False)
    assert shown(message) == [{"emoji": THUMB, "count": 1, "users": [str(bob.id)]}]
    react(by=bob, message_id=message.id, emoji=THUMB, on=False)
    assert shown(message) == []
    acts = Entry.objects.filter(action=Action.MESSAGE_REACTED).order_by("id")
    assert [entry.facts["on"] for entry in acts] == [True, True, False, False]


@pytest.mark.parametrize(
    "odd", ["", "a", ":)", "👍👍", "👍🏽🏽", "🏽", "<b>", "1", "\ufe0f", "👍" * 500, "🇬"]
)
def test_only_one_emoji_of_the_list_is_taken(message: Message, bob: User, odd: str) -> None:
    with pytest.raises(NoSuchEmoji):
        react(by=bob, message_id=message.id, emoji=odd, on=True)
    assert not Reaction.objects.exists()


def test_an_emoji_is_the_same_with_and_without_its_variation_selector(
    message: Message, alice: User, bob: User
) -> None:
    react(by=alice, message_id=message.id, emoji="❤️", on=True)
    react(by=bob, message_id=message.id, emoji="❤", on=True)
    assert [(one["emoji"], one["count"]) for one in shown(message)] == [("❤️", 2)]


def test_twenty_different_emoji_are_enough_for_one_message(
    message: Message, alice: User, bob: User
) -> None:
    some = [emoji for emoji in map(chr, range(0x1F600, 0x1F640)) if listed(emoji)][:21]
    for emoji in some[:MOST_EMOJI]:
        react(by=alice, message_id=message.id, emoji=emoji, on=True)
    with pytest.raises(TooManyEmoji):
        react(by=alice, message_id=message.id, emoji=some[MOST_EMOJI], on=True)
    react(by=bob, message_id=message.id, emoji=some[0], on=True)
    assert len(shown(message)) == MOST_EMOJI


def test_outsiders_and_who_was_removed_react_to_nothing(
    message: Message, channel: Channel, alice: User, bob: User, carol: User, theo: User
) -> None:
    remove_member(by=alice, channel_id=channel.id, person=bob)
    for person in (bob, carol, theo):
        with pytest.raises(MessageNotFound):
            react(by=person, message_id=message.id, emoji=THUMB, on=True)
    assert not Reaction.objects.exists()


def test_a_closed_account_reacts_to_nothing(message: Message, bob: User) -> None:
    User.objects.filter(id=bob.id).update(is_active=False)
    with pytest.raises(MessageNotFound):
        react(by=bob, message_id=message.id, emoji=THUMB, on=True)


def test_a_guest_may_react(message: Message, channel: Channel, alice: User, bob: User) -> None:
    set_role(by=alice, channel_id=channel.id, person=bob, role="guest")
    react(by=bob, message_id=message.id, emoji=THUMB, on=True)
    assert len(shown(message)) == 1


def test_in_an_archived_channel_reactions_stay_as_they_are(
    message: Message, channel: Channel, alice: User, bob: User
) -> None:
    react(by=bob, message_id=message.id, emoji=THUMB, on=True)
    archive_channel(by=alice, channel_id=channel.id)
    for emoji, on in (("🎉", True), (THUMB, False)):
        with pytest.raises(Archived):
            react(by=bob, message_id=message.id, emoji=emoji, on=on)
    assert len(shown(message)) == 1


def test_a_deleted_message_shows_no_reactions_and_takes_none_and_the_record_keeps_them(
    message: Message, alice: User, bob: User
) -> None:
    react(by=bob, message_id=message.id, emoji=THUMB, on=True)
    delete_message(by=alice, message_id=message.id)
    assert shown(message) == []
    with pytest.raises(MessageNotFound):
        react(by=bob, message_id=message.id, emoji="🎉", on=True)
    assert Reaction.objects.count() == 1


def test_what_the_product_says_and_what_is_out_of_view_takes_none(
    message: Message, channel: Channel, bob: User
) -> None:
    system = Message.objects.get(channel=channel, kind="system")
    put_out_of_view(message)
    for one in (system, message):
        with pytest.raises(MessageNotFound):
            react(by=bob, message_id=one.id, emoji=THUMB, on=True)


def test_an_edit_keeps_the_reactions(message: Message, alice: User, bob: User) -> None:
    react(by=bob, message_id=message.id, emoji=THUMB, on=True)
    edit_message(author=alice, message_id=message.id, body="The bus is on time")
    assert len(shown(message)) == 1


def test_every_door_reads_reactions_with_the_messages_in_no_query_more(
    channel: Channel, alice: User, bob: User
) -> None:
    since = head(channel)
    for number in range(5):
        said = say(alice, channel, f"Line {number}")
        react(by=bob, message_id=said.id, emoji=THUMB, on=True)
    expected = messages_json(newest(channel, 5))
    assert all(message["reactions"] for message in expected)
    with counted() as sent:
        latest = reading.latest(alice, channel.id, 5)
    assert len(sent) == 1
    with counted() as sent:
        changes = reading.changes_of({channel.id: since})[channel.id].changes
    assert len(sent) == 1
    with counted() as sent:
        greeting = reading.greeting(alice.id, {str(channel.id): since})
    assert len(sent) == 2
    one = reading.message_of(alice, UUID(expected[0]["id"]))
    assert latest["messages"] == expected
    assert [change.message for change in changes] == expected
    assert greeting.frames[0]["messages"] == expected
    assert reading.after(alice, channel.id, since)["messages"] == expected
    assert one == expected[0]
