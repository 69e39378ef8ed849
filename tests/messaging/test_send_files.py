"""Messages that bring files: who may send them, who may open them, and what becomes of them."""

from uuid import uuid4

import pytest
from django.test import Client

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
from messaging.rendering import messages_json
from messaging.services.channel_settings import change_channel
from messaging.services.channels import remove_member
from messaging.services.messages import delete_message, edit_message, post_message
from messaging.services.uploads import LEAST_PIECE_BYTES, begin_upload, take_piece
from messaging.vault.bodies import document_of
from messaging.vault.versions import context_of, current_bodies, open_version
from messaging.verify import wrong_content
from tests.cast import client_of
from tests.scenes import channel_of, say
from tests.uploads import NOTE, ids, picture, uploaded


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def message(alice: User, channel: Channel) -> Message:
    return say(alice, channel, "The list", uploads=ids(uploaded(alice, channel)))


def _files(message: Message) -> tuple[Attached, ...]:
    return attachments_in(current_bodies([message])[message.id].details)


def _shown(message: Message) -> list[dict[str, object]]:
    message.refresh_from_db()
    found: list[dict[str, object]] = messages_json([message])[0]["attachments"]
    return found


def _get(person: User, address: object, **headers: str) -> tuple[int, bytes]:
    answer = client_of(person).get(str(address), **headers)  # type: ignore[arg-type]
    return answer.status_code, b"".join(answer) if answer.streaming else answer.content


def test_a_message_brings_its_files(alice: User, bob: User, message: Message) -> None:
    (file,) = _shown(message)
    assert (file["name"], file["type"], file["size"]) == ("note.txt", "text/plain", len(NOTE))
    assert file["url"] == f"/messages/files/{message.id}/{file['id']}/"
    assert file["thumbnail"] is None
    assert "key" not in file
    assert _get(bob, file["url"]) == (200, NOTE)
    assert not Upload.objects.exists()
    assert Attachment.objects.get().message_id == message.id


def test_a_message_may_have_files_and_no_words(alice: User, channel: Channel) -> None:
    upload = uploaded(alice, channel)
    with pytest.raises(EmptyBody):
        say(alice, channel, " ")
    message = say(alice, channel, "", uploads=ids(upload))
    assert len(_shown(message)) == 1


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
    assert len(_shown(again)) == 1


def test_who_may_not_read_the_message_opens_no_file(
    alice: User, bob: User, carol: User, theo: User, channel: Channel, message: Message
) -> None:
    (file,) = _shown(message)
    for outsider in (carol, theo):
        assert _get(outsider, file["url"])[0] == 404
        assert _get(outsider, f"{file['url']}thumbnail/")[0] == 404
    assert Client().get(str(file["url"])).status_code == 302
    other = say(alice, channel, "Another")
    assert _get(bob, f"/messages/files/{other.id}/{file['id']}/")[0] == 404
    remove_member(by=alice, channel_id=channel.id, person=bob)
    assert _get(bob, file["url"])[0] == 404


def test_an_edit_keeps_the_files_and_a_deletion_hides_them(
    alice: User, bob: User, message: Message
) -> None:
    (file,) = _shown(message)
    edit_message(author=alice, message_id=message.id, body="")
    assert len(_shown(message)) == 1
    assert _get(bob, file["url"]) == (200, NOTE)
    delete_message(by=alice, message_id=message.id)
    assert _shown(message) == []
    assert _get(bob, file["url"])[0] == 404
    assert _get(alice, file["url"])[0] == 404
    assert File.objects.count() == Attachment.objects.count() == 1
    assert list(wrong_content()) == []


@pytest.mark.shows("file-forward")
def test_a_forward_carries_them_and_no_bytes_are_copied(
    alice: User, bob: User, carol: User, channel: Channel, message: Message
) -> None:
    there = channel_of(alice, carol, name="Supply")
    passed_on = say(alice, there, "", forward=message.id)
    (file,) = _shown(passed_on)
    assert _get(carol, file["url"]) == (200, NOTE)
    assert _get(bob, file["url"])[0] == 404
    assert File.objects.count() == 1
    assert Attachment.objects.count() == 2
    delete_message(by=alice, message_id=message.id)
    assert _get(carol, file["url"]) == (200, NOTE)
    assert list(wrong_content()) == []


@pytest.mark.shows("file-serve")
def test_a_range_of_a_file(alice: User, channel: Channel) -> None:
    data = b"".join(b"line %07d\n" % number for number in range(20_000))
    message = say(alice, channel, "", uploads=ids(uploaded(alice, channel, data)))
    (file,) = _shown(message)
    asked = {
        "bytes=0-9": (206, data[:10]),
        "bytes=65530-65545": (206, data[65530:65546]),
        "bytes=-5": (206, data[-5:]),
        "bytes=200000-": (206, data[200000:]),
        "bytes=0-1,5-6": (200, data),
        "lines=1-2": (200, data),
        f"bytes=0-{'9' * 18}": (200, data),
        f"bytes={'9' * 5_000}-": (200, data),
        f"bytes=0-{'9' * 5_000}": (200, data),
        f"bytes=-{'9' * 5_000}": (200, data),
    }
    for header, expected in asked.items():
        assert _get(alice, file["url"], HTTP_RANGE=header) == expected
    beyond = client_of(alice).get(str(file["url"]), HTTP_RANGE=f"bytes={len(data)}-")
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(data)}")
    part = client_of(alice).get(str(file["url"]), HTTP_RANGE="bytes=10-19")
    assert part["Content-Range"] == f"bytes 10-19/{len(data)}"
    other = client_of(alice).get(
        str(file["url"]), HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE='"another"'
    )
    assert other.status_code == 200


@pytest.mark.shows("file-serve", "document")
def test_what_people_send_can_do_nothing(alice: User, channel: Channel) -> None:
    name = "Müll „quote“ ; x=y.txt"
    message = say(alice, channel, "", uploads=ids(uploaded(alice, channel, name=name)))
    answer = client_of(alice).get(str(_shown(message)[0]["url"]))
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''M%C3%BCll")
    assert answer["Content-Type"] == "text/plain"


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


def test_a_picture_has_a_thumbnail_and_is_shown_in_its_place(alice: User, channel: Channel) -> None:
    upload = uploaded(alice, channel, picture(), "pond.png")
    waiting = client_of(alice).get(f"/messages/uploads/{upload.id}/").json()
    assert _get(alice, waiting["thumbnail"])[0] == 200
    message = say(alice, channel, "", uploads=ids(upload))
    (file,) = _shown(message)
    assert (file["width"], file["height"]) == (60, 40)
    answer = client_of(alice).get(str(file["thumbnail"]))
    assert (answer.status_code, answer["Content-Disposition"]) == (200, "inline")
    shown = client_of(alice).get(str(file["url"]))
    assert shown["Content-Disposition"].startswith("inline")
    saved = client_of(alice).get(f"{file['url']}?download")
    assert saved["Content-Disposition"].startswith("attachment")


@pytest.mark.shows("channel-files")
def test_the_files_of_a_channel_are_listed_for_its_members(
    alice: User, bob: User, carol: User, channel: Channel, message: Message
) -> None:
    say(alice, channel, "No file")
    later = say(bob, channel, "", uploads=ids(uploaded(bob, channel, name="later.txt")))
    gone = say(bob, channel, "", uploads=ids(uploaded(bob, channel, name="gone.txt")))
    delete_message(by=bob, message_id=gone.id)
    page = f"/channels/{channel.id}/files/"
    told = client_of(alice).get(page).json()
    assert [file["name"] for file in told["files"]] == ["later.txt", "note.txt"]
    assert (told["more"], told["files"][0]["author"]["name"]) == (False, bob.display_name)
    assert told["files"][1] | _shown(message)[0] == told["files"][1]
    older = client_of(alice).get(page, {"before": str(later.id)}).json()["files"]
    assert [file["message"] for file in older] == [str(message.id)]
    assert client_of(carol).get(page).status_code == 404
    assert client_of(alice).get(page, {"before": "yesterday"}).status_code == 404
