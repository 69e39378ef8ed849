"""Messages that bring files: who may send them, and what becomes of them."""

from uuid import uuid4

import pytest

from accounts.models import User
from audit.canonical import commitment
from audit.models import Entry
from messaging.exceptions import (
    AttachmentNotFound,
    EmptyBody,
    FileNotReady,
    NoPictures,
    TooManyFiles,
)
from messaging.files.attached import Attachment as Attached
from messaging.files.attached import attachments_in
from messaging.files.details import Details
from messaging.ingest.drafts import Draft, Posted
from messaging.ingest.store import store
from messaging.models import Attachment, Channel, File, Message, MessageVersion, Upload
from messaging.services.channel_settings import change_channel
from messaging.services.messages import delete_message, edit_message, post_message
from messaging.services.uploads import LEAST_PIECE_BYTES, begin_upload, take_piece
from messaging.vault.bodies import document_of
from messaging.vault.versions import context_of, current_bodies, open_version
from messaging.verify import wrong_content
from tests.scenes import channel_of, say
from tests.uploads import NOTE, fetched, ids, picture, shown, uploaded


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def message(alice: User, channel: Channel) -> Message:
    return say(alice, channel, "The list", uploads=ids(uploaded(alice, channel)))


def _files(message: Message) -> tuple[Attached, ...]:
    return attachments_in(current_bodies([message])[message.id].details)


def test_a_message_brings_its_files(alice: User, bob: User, message: Message) -> None:
    (file,) = shown(message)
    assert (file["name"], file["type"], file["size"]) == ("note.txt", "text/plain", len(NOTE))
    assert file["url"] == f"/messages/files/{message.id}/{file['id']}/"
    assert file["thumbnail"] is None
    assert "key" not in file
    assert fetched(bob, file["url"]) == (200, NOTE)
    assert not Upload.objects.exists()
    assert Attachment.objects.get().message_id == message.id


def test_a_message_may_have_files_and_no_words(alice: User, channel: Channel) -> None:
    upload = uploaded(alice, channel)
    with pytest.raises(EmptyBody):
        say(alice, channel, " ")
    message = say(alice, channel, "", uploads=ids(upload))
    assert len(shown(message)) == 1


@pytest.mark.parametrize("again", ["The list", "The list, again"])
def test_the_same_twice_in_a_batch_is_one_message(
    alice: User, channel: Channel, again: str
) -> None:
    uploads = tuple(ids(uploaded(alice, channel)))
    ref = uuid4()
    drafts = [
        Draft(author=alice.id, channel=channel.id, ref=ref, body=body, uploads=uploads)
        for body in ("The list", again)
    ]
    first, second = store(drafts)
    assert isinstance(first, Posted)
    assert isinstance(second, Posted)
    assert (first.fresh, second.fresh) == (True, False)
    assert (first.id, first.shown) == (second.id, second.shown)
    assert Attachment.objects.get().message_id == first.id


def test_two_messages_of_a_batch_do_not_share_an_upload(alice: User, channel: Channel) -> None:
    uploads = tuple(ids(uploaded(alice, channel)))
    first, second = store(
        [
            Draft(author=alice.id, channel=channel.id, ref=uuid4(), body="", uploads=uploads)
            for _ in range(2)
        ]
    )
    assert isinstance(first, Posted)
    assert isinstance(second, AttachmentNotFound)


def test_one_entry_whose_commitment_covers_the_files(message: Message) -> None:
    entry = Entry.objects.get(action="message.posted", subject=message.id)
    version = MessageVersion.objects.select_related("message", "key").get(message=message)
    body = open_version(version)
    document = document_of(context_of(message, 1), body, None)
    (file,) = _files(message)
    assert document["attachments"] == [
        {
            "id": file.id,
            "name": "note.txt",
            "type": "text/plain",
            "size": len(NOTE),
            "sha256": file.sha256,
        }
    ]
    assert commitment(body.salt, document) == entry.facts["message_commitment"]
    document["attachments"] = []
    assert commitment(body.salt, document) != entry.facts["message_commitment"]
    assert list(wrong_content()) == []


def test_only_ones_own_that_are_ready_and_not_yet_sent(
    alice: User, bob: User, channel: Channel
) -> None:
    theirs = uploaded(bob, channel)
    data = bytes(LEAST_PIECE_BYTES)
    size = 2 * len(data)
    half = begin_upload(by=alice, channel_id=channel.id, size=size, details=Details(name="x"))
    take_piece(by=alice, upload_id=half.id, offset=0, data=data)
    once = uploaded(alice, channel)
    say(alice, channel, "Once", uploads=ids(once))
    refusals = {
        theirs.id: AttachmentNotFound,
        half.id: FileNotReady,
        once.id: AttachmentNotFound,
        uuid4(): AttachmentNotFound,
    }
    messages = Message.objects.count()
    for upload, refusal in refusals.items():
        with pytest.raises(refusal):
            say(alice, channel, "Look", uploads=[upload])
    with pytest.raises(TooManyFiles):
        say(alice, channel, "Look", uploads=[uuid4() for _ in range(11)])
    assert Message.objects.count() == messages


def test_the_same_ref_brings_its_files_once(alice: User, channel: Channel) -> None:
    upload, ref = uploaded(alice, channel), uuid4()
    first, again = (
        post_message(author=alice, channel_id=channel.id, ref=ref, body="", uploads=ids(upload))
        for _ in range(2)
    )
    assert first.id == again.id
    assert len(shown(again)) == 1


def test_an_edit_keeps_the_files_and_a_deletion_hides_them(
    alice: User, bob: User, message: Message
) -> None:
    (file,) = shown(message)
    edit_message(author=alice, message_id=message.id, body="")
    assert len(shown(message)) == 1
    assert fetched(bob, file["url"]) == (200, NOTE)
    delete_message(by=alice, message_id=message.id)
    assert shown(message) == []
    assert fetched(bob, file["url"])[0] == 404
    assert fetched(alice, file["url"])[0] == 404
    assert File.objects.count() == Attachment.objects.count() == 1
    assert list(wrong_content()) == []


@pytest.mark.shows("file-forward")
def test_a_forward_carries_them_and_no_bytes_are_copied(
    alice: User, bob: User, carol: User, channel: Channel, message: Message
) -> None:
    there = channel_of(alice, carol, name="Supply")
    passed_on = say(alice, there, "", forward=message.id)
    (file,) = shown(passed_on)
    assert fetched(carol, file["url"]) == (200, NOTE)
    assert fetched(bob, file["url"])[0] == 404
    assert File.objects.count() == 1
    assert Attachment.objects.count() == 2
    delete_message(by=alice, message_id=message.id)
    assert fetched(carol, file["url"]) == (200, NOTE)
    assert list(wrong_content()) == []


@pytest.mark.shows("no-images")
def test_a_channel_without_pictures_lets_none_in(alice: User, bob: User, channel: Channel) -> None:
    there = channel_of(alice, bob, name="No pictures")
    before = uploaded(alice, there, picture(), "pond.png")
    sent = say(alice, channel, "", uploads=ids(uploaded(alice, channel, picture(), "pond.png")))
    change_channel(
        by=alice,
        channel_id=there.id,
        name=there.name,
        purpose="",
        mention_all="owners",
        no_images=True,
    )
    refused = uploaded(alice, there, picture(), "pond.png")
    assert (refused.state, refused.code) == ("refused", "blocked_by_policy")
    with pytest.raises(NoPictures):
        say(alice, there, "Look", uploads=ids(before))
    with pytest.raises(NoPictures):
        say(alice, there, "", forward=sent.id)
    assert say(alice, there, "Text", uploads=ids(uploaded(alice, there)))
