"""Posting a message."""

from uuid import uuid4

import pytest

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.exceptions import (
    BodyTooLong,
    ChannelNotFound,
    EmptyBody,
    MessageNotFound,
    ReadOnly,
)
from messaging.models import Message, MessageVersion
from messaging.services.channels import create_channel
from messaging.services.messages import post_message
from messaging.vault.versions import current_bodies
from tests.scenes import channel_of, say


def test_a_message_takes_the_next_position_and_is_sealed(alice: User, bob: User) -> None:
    channel = channel_of(alice, bob)
    message = say(bob, channel, "Wet play today")

    assert message.seq == message.changed == channel.head + 1
    version = MessageVersion.objects.get(message=message)
    assert b"Wet play" not in bytes(version.sealed)
    assert current_bodies([message])[message.id].text == "Wet play today"


def test_posting_writes_one_entry_without_a_word_of_the_message(alice: User) -> None:
    channel = channel_of(alice)
    before = Entry.objects.count()
    message = say(alice, channel, "Wet play today")

    entry = Entry.objects.latest("id")
    assert Entry.objects.count() == before + 1
    assert (entry.action, entry.subject) == (Action.MESSAGE_POSTED, message.id)
    assert "Wet" not in str(entry.facts)


def test_the_same_ref_is_stored_once_and_gets_the_first_answer(alice: User) -> None:
    channel, ref = channel_of(alice), uuid4()
    first = post_message(author=alice, channel_id=channel.id, ref=ref, body="Once")
    again = post_message(author=alice, channel_id=channel.id, ref=ref, body="Twice")

    assert again.id == first.id
    assert Message.objects.filter(channel=channel, kind="text").count() == 1


def test_an_outsider_cannot_post_and_nothing_is_stored(alice: User, carol: User) -> None:
    channel = channel_of(alice)
    with pytest.raises(ChannelNotFound):
        say(carol, channel, "Hello")
    assert not Message.objects.filter(author=carol).exists()


def test_only_owners_post_in_an_announcement_channel(alice: User, bob: User) -> None:
    channel = create_channel(by=alice, kind="announcement", name="Notices", members=[bob])
    say(alice, channel, "INSET day on Friday")
    with pytest.raises(ReadOnly):
        say(bob, channel, "Really?")


@pytest.mark.parametrize("body", ["", "  \n ", "\x00"])
def test_an_empty_body_is_refused(alice: User, body: str) -> None:
    channel = channel_of(alice)
    with pytest.raises(EmptyBody):
        say(alice, channel, body)


def test_a_body_may_have_8000_characters_and_no_more(alice: User) -> None:
    channel = channel_of(alice)
    say(alice, channel, "é" * 8_000)
    with pytest.raises(BodyTooLong):
        say(alice, channel, "é" * 8_001)


def test_a_reply_to_another_channels_message_is_refused(alice: User) -> None:
    here, there = channel_of(alice), channel_of(alice, name="Year 6")
    elsewhere = say(alice, there, "Elsewhere")
    with pytest.raises(MessageNotFound):
        say(alice, here, "Here", reply_to=elsewhere.id)
