"""Deleting a message: a tombstone for its members, kept for the record."""

import pytest

from accounts.models import User
from audit.models import Entry
from messaging.exceptions import MessageNotFound, NotYours
from messaging.models import Message, MessageVersion
from messaging.queries import newest
from messaging.rendering import messages_json
from messaging.services.messages import delete_message
from tests.scenes import channel_of, say


def test_a_deleted_message_is_a_tombstone_with_the_same_id_and_seq(alice: User) -> None:
    channel = channel_of(alice)
    message = say(alice, channel, "Wrong channel")
    delete_message(by=alice, message_id=message.id)

    shown = messages_json(newest(channel, 1))[0]
    assert (shown["id"], shown["seq"]) == (str(message.id), message.seq)
    assert (shown["body"], shown["html"]) == ("", "")
    assert shown["deleted_at"]


def test_the_record_keeps_what_was_deleted(alice: User) -> None:
    message = say(alice, channel_of(alice), "Wrong channel")
    delete_message(by=alice, message_id=message.id)
    assert MessageVersion.objects.filter(message=message).exists()


def test_deleting_twice_is_one_act(alice: User) -> None:
    message = say(alice, channel_of(alice), "Twice")
    delete_message(by=alice, message_id=message.id)
    before = Entry.objects.count()
    delete_message(by=alice, message_id=message.id)
    assert Entry.objects.count() == before


def test_an_owner_may_delete_anybodys_message_and_a_member_only_their_own(
    alice: User, bob: User, carol: User
) -> None:
    channel = channel_of(alice, bob)
    owners, members = say(alice, channel, "Owner's"), say(bob, channel, "Member's")
    with pytest.raises(NotYours):
        delete_message(by=bob, message_id=owners.id)
    with pytest.raises(MessageNotFound):
        delete_message(by=carol, message_id=owners.id)
    assert delete_message(by=alice, message_id=members.id).deleted_at


def test_what_the_product_wrote_is_deleted_by_nobody(alice: User, bob: User) -> None:
    channel = channel_of(alice, bob)
    line = Message.objects.filter(channel=channel, kind=Message.Kind.SYSTEM).earliest("seq")
    for person in (alice, bob):
        with pytest.raises(NotYours, match="wrote this line itself"):
            delete_message(by=person, message_id=line.id)
    line.refresh_from_db()
    assert line.deleted_at is None
