"""Appending a correction to a message, which stays as it is."""

import pytest
from django.test import override_settings

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.exceptions import (
    Archived,
    CorrectionTooLong,
    EmptyCorrection,
    MessageNotFound,
    NotAllowed,
    NotYours,
    TooLateToEdit,
    TooManyCorrections,
)
from messaging.live import reading
from messaging.models import Channel, Correction, Message, MessageVersion
from messaging.rendering import messages_json
from messaging.services import corrections
from messaging.services.channels import archive_channel
from messaging.services.corrections import correct_own, correct_record
from messaging.services.messages import delete_message, edit_message
from messaging.vault.notes import open_correction
from messaging.verify import wrong_content
from tests.messaging.reading_scene import head, put_out_of_view
from tests.scenes import channel_of, say


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def message(channel: Channel, alice: User) -> Message:
    return say(alice, channel, "Sam was late on Monday")


def shown(message: Message) -> list[str]:
    message.refresh_from_db()
    return [one["body"] for one in messages_json([message])[0]["corrections"]]


def sealed_in(message: Message) -> list[bytes]:
    return [bytes(one.sealed) for one in MessageVersion.objects.filter(message=message)]


@pytest.mark.shows("correct")
def test_the_author_corrects_their_own_message_and_its_words_stay(
    message: Message, channel: Channel, alice: User, bob: User
) -> None:
    before, words = head(channel), sealed_in(message)
    corrected = correct_own(author=alice, message_id=message.id, body="  It was Tuesday <b>\r\n")
    assert corrected.changed == before + 1
    assert (sealed_in(message), corrected.version, corrected.edited_at) == (words, 1, None)

    (told,) = [one for one in reading.latest(bob, channel.id)["messages"] if one["corrections"]]
    (note,) = told["corrections"]
    assert told["body"] == "Sam was late on Monday"
    assert (note["number"], note["body"]) == (1, "It was Tuesday <b>")
    assert note["html"] == "<p>It was Tuesday &lt;b&gt;</p>"
    assert note["author"] == {"id": str(alice.id), "name": alice.display_name}
    assert "reason" not in note


def test_a_correction_is_one_entry_that_commits_to_its_words(
    message: Message, channel: Channel, alice: User
) -> None:
    entries = Entry.objects.count()
    correct_own(author=alice, message_id=message.id, body="It was Tuesday")
    entry = Entry.objects.get(action=Action.MESSAGE_CORRECTED)
    assert Entry.objects.count() == entries + 1
    assert (entry.actor, entry.subject) == (alice.id, message.id)
    assert {**entry.facts, "message_commitment": ""} == {
        "channel": str(channel.id),
        "position": head(channel),
        "number": 1,
        "reason": "own",
        "message_commitment": "",
    }
    assert "Tuesday" not in str(entry.facts)
    assert list(wrong_content()) == []


def test_a_message_too_old_to_edit_is_still_corrected_and_again(
    message: Message, alice: User
) -> None:
    with (
        override_settings(EDIT_WINDOW_MINUTES=-60),
        pytest.raises(TooLateToEdit, match="correction"),
    ):
        edit_message(author=alice, message_id=message.id, body="It was Tuesday")
    for body in ("It was Tuesday", "No, Wednesday"):
        correct_own(author=alice, message_id=message.id, body=body)
    assert shown(message) == ["It was Tuesday", "No, Wednesday"]
    numbers = Correction.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2]


def test_the_officer_corrects_what_they_cannot_read(message: Message, priya: User) -> None:
    correct_record(
        by=priya,
        message_id=message.id,
        body="The register says that Sam was on time.",
        reason="request",
        reference="  SAR  2026-004 ",
    )
    one = Correction.objects.select_related("message", "key").get()
    assert (one.reason, open_correction(one).reference) == ("request", "SAR 2026-004")
    assert shown(message) == ["The register says that Sam was on time."]
    assert list(wrong_content()) == []


def test_nobody_else_corrects_anything(
    message: Message,
    channel: Channel,
    bob: User,
    carol: User,
    dana: User,
    hari: User,
    theo: User,
    gwen: User,
    helen: User,
) -> None:
    with pytest.raises(NotYours):
        correct_own(author=bob, message_id=message.id, body="Not so")
    for person in (carol, theo, dana):
        with pytest.raises(MessageNotFound):
            correct_own(author=person, message_id=message.id, body="Not so")
    for person in (bob, carol, dana, hari, theo, gwen, helen):
        with pytest.raises(NotAllowed):
            correct_record(by=person, message_id=message.id, body="Not so", reason="found")
    assert shown(message) == []


def test_no_authority_reaches_into_a_conversation_about_its_holder(
    alice: User, bob: User, priya: User
) -> None:
    about = channel_of(alice, bob, name="About Priya", sensitive=True, about=[priya])
    said = say(alice, about, "Priya was late")
    with pytest.raises(MessageNotFound):
        correct_record(by=priya, message_id=said.id, body="She was not", reason="found")
    assert shown(said) == []


def test_what_a_hold_keeps_and_what_the_product_says_is_not_corrected(
    message: Message, channel: Channel, alice: User, priya: User
) -> None:
    put_out_of_view(message)
    joined = Message.objects.filter(channel=channel, kind="system").first()
    assert joined
    for one in (message, joined):
        with pytest.raises(MessageNotFound):
            correct_record(by=priya, message_id=one.id, body="Not so", reason="found")
        with pytest.raises(MessageNotFound):
            correct_own(author=alice, message_id=one.id, body="Not so")


def test_a_deleted_message_shows_none_and_the_officer_still_corrects_the_record(
    message: Message, channel: Channel, alice: User, priya: User
) -> None:
    correct_own(author=alice, message_id=message.id, body="It was Tuesday")
    delete_message(by=alice, message_id=message.id)
    assert shown(message) == []
    with pytest.raises(MessageNotFound):
        correct_own(author=alice, message_id=message.id, body="Or Wednesday")
    correct_record(by=priya, message_id=message.id, body="On time", reason="request")
    archive_channel(by=alice, channel_id=channel.id)
    correct_record(by=priya, message_id=message.id, body="On time, too", reason="request")
    assert (shown(message), Correction.objects.count()) == ([], 3)
    assert list(wrong_content()) == []


def test_what_is_empty_long_or_too_much_is_refused_in_a_sentence(
    message: Message, channel: Channel, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for body, refusal in ((" \n", EmptyCorrection), ("x" * 2_001, CorrectionTooLong)):
        with pytest.raises(refusal):
            correct_own(author=alice, message_id=message.id, body=body)
    monkeypatch.setattr(corrections, "MOST_CORRECTIONS", 1)
    correct_own(author=alice, message_id=message.id, body="x" * 2_000)
    with pytest.raises(TooManyCorrections, match="20 corrections already"):
        correct_own(author=alice, message_id=message.id, body="Again")
    archive_channel(by=alice, channel_id=channel.id)
    with pytest.raises(Archived):
        correct_own(author=alice, message_id=message.id, body="Again")
    assert len(shown(message)) == 1
