"""Editing a message."""

from datetime import timedelta

import pytest
from django.test.utils import override_settings

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.exceptions import AlreadyDeleted, MessageNotFound, NotYours, TooLateToEdit
from messaging.models import MessageVersion
from messaging.queries import newest
from messaging.rendering import messages_json
from messaging.services.messages import delete_message, edit_message
from messaging.vault.versions import open_versions
from tests.scenes import channel_of, say


def test_an_edit_keeps_the_earlier_version_sealed(alice: User) -> None:
    message = say(alice, channel_of(alice), "Bus at three")
    edit_message(author=alice, message_id=message.id, body="Bus at four")

    versions = MessageVersion.objects.filter(message=message).order_by("number")
    bodies = open_versions(versions.select_related("message", "key"))
    assert [body.text for body in bodies] == ["Bus at three", "Bus at four"]


def test_an_edit_takes_the_channels_next_position_and_keeps_its_seq(alice: User) -> None:
    channel = channel_of(alice)
    message = say(alice, channel, "Bus at three")
    say(alice, channel, "Or so")
    edited = edit_message(author=alice, message_id=message.id, body="Bus at four")
    assert edited.seq == message.seq
    assert edited.changed == message.seq + 2

    shown = messages_json(newest(channel, 2))[0]
    assert (shown["body"], shown["edited_at"] is not None) == ("Bus at four", True)


def test_an_edit_is_one_entry_with_the_commitment_of_its_version(alice: User) -> None:
    message = say(alice, channel_of(alice), "Bus at three")
    edit_message(author=alice, message_id=message.id, body="Bus at four")
    entry = Entry.objects.get(action=Action.MESSAGE_EDITED)
    assert (entry.subject, entry.facts["version"]) == (message.id, 2)
    assert len(entry.facts["message_commitment"]) == 64


def test_nobody_edits_anothers_message(alice: User, bob: User, carol: User) -> None:
    message = say(alice, channel_of(alice, bob), "Mine")
    with pytest.raises(NotYours):
        edit_message(author=bob, message_id=message.id, body="Not mine")
    with pytest.raises(MessageNotFound):
        edit_message(author=carol, message_id=message.id, body="Not mine either")
    assert MessageVersion.objects.filter(message=message).count() == 1


def test_a_deleted_message_cannot_be_edited(alice: User) -> None:
    message = say(alice, channel_of(alice), "Gone")
    delete_message(by=alice, message_id=message.id)
    with pytest.raises(AlreadyDeleted):
        edit_message(author=alice, message_id=message.id, body="Back")


@pytest.mark.shows("edit")
def test_an_old_message_cannot_be_edited(alice: User) -> None:
    message = say(alice, channel_of(alice), "Long ago")
    with override_settings(EDIT_WINDOW_MINUTES=-timedelta(minutes=1).seconds):
        with pytest.raises(TooLateToEdit):
            edit_message(author=alice, message_id=message.id, body="Now")
