"""Files go with the last message that refers to them: first their keys, then their bytes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from unittest.mock import patch

import psycopg
import pytest
from django.db import connection

from accounts.models import User
from audit.clock import now
from messaging.files import storing
from messaging.files.attached import attachments_in
from messaging.files.details import details_of
from messaging.files.places import PlaceAway, place
from messaging.models import Attachment, Channel, File, Message, Upload
from messaging.services.channels import add_member
from messaging.services.messages import delete_message
from messaging.services.uploads import drop_expired
from messaging.vault.versions import current_bodies
from messaging.verify import wrong_content
from retention.keyring_move import move_keyring
from retention.models import Certificate
from retention.services.holds import release_hold
from retention.workers.destroying import carry_out_approved
from retention.workers.files import remove_unreferred_files
from tests.cast import client_of
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import REASON, approved, held
from tests.scenes import channel_of, say
from tests.storage import names_there
from tests.uploads import NOTE, ids, picture, uploaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def past(at: Clock, alice: User, channel: Channel) -> Message:
    """A message of long ago with a picture."""
    upload = uploaded(alice, channel, picture(), "pond.png")
    with at(PAST):
        return say(alice, channel, "The pond", uploads=ids(upload))


def _dispose(as_role: AsRole, by: User, approver: User) -> Certificate:
    approved(by, approver)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    return certificate


def _opened(message: Message) -> bytes:
    (file,) = attachments_in(current_bodies([message])[message.id].details)
    return b"".join(storing.bytes_of(file))


def test_key_row_and_bytes_are_gone(
    past: Message, as_role: AsRole, hari: User, helen: User
) -> None:
    file = past.attachments.get().file_id
    size = File.objects.get().size
    assert place().exists(str(file))
    assert place().exists(storing.thumbnail_name(file))
    certificate = _dispose(as_role, hari, helen)
    counted = {"destroyed": 1, "bytes": size, "waiting_for_removal": 0}
    assert certificate.document["files"] == counted
    page = client_of(helen).get(f"/records/certificates/{certificate.number}/").content.decode()
    assert "<b>1</b> file, " in page
    assert not Attachment.objects.exists()
    assert not File.objects.exists()
    assert not place().exists(str(file))
    assert not place().exists(storing.thumbnail_name(file))
    assert list(wrong_content()) == []


@pytest.mark.shows("file-forward")
def test_a_forward_into_a_longer_kept_channel_keeps_the_file_readable_there(
    past: Message, as_role: AsRole, alice: User, carol: User, hari: User, helen: User
) -> None:
    there = channel_of(alice, carol, name="Kept")
    passed_on = say(alice, there, "", forward=past.id)
    before = _opened(past)
    certificate = _dispose(as_role, hari, helen)
    assert certificate.document["files"]["destroyed"] == 0
    assert not Message.objects.filter(id=past.id).exists()
    assert _opened(passed_on) == before
    assert File.objects.count() == 1


def test_what_is_held_keeps_its_file_and_shows_it_to_no_member(
    past: Message, as_role: AsRole, alice: User, dana: User, hari: User, helen: User
) -> None:
    hold = held(dana, channel=past.channel)
    _dispose(as_role, hari, helen)
    past.refresh_from_db()
    file = past.attachments.get().file_id
    assert client_of(alice).get(f"/messages/files/{past.id}/{file}/").status_code == 404
    assert _opened(past)
    release_hold(by=helen, number=hold.number, reason=REASON)
    _dispose(as_role, hari, helen)
    assert not File.objects.exists()


def _let_in(channel: Channel, owner: User, person: User) -> User:
    add_member(by=owner, channel_id=channel.id, person=person)
    return person


def test_a_neighbour_that_stays_is_sealed_anew_and_opens(
    past: Message, at: Clock, as_role: AsRole, alice: User, dana: User, hari: User, helen: User
) -> None:
    """A hold on somebody else's messages: the month's key goes, and theirs get a fresh one."""
    upload = uploaded(_let_in(past.channel, alice, dana), past.channel)
    with at(PAST):
        theirs = say(dana, past.channel, "Mine", uploads=ids(upload))
    held(hari, person=dana)
    _dispose(as_role, hari, helen)
    theirs.refresh_from_db()
    assert _opened(theirs) == NOTE


def test_a_deleted_message_is_disposed_of_with_its_file(
    past: Message, as_role: AsRole, alice: User, hari: User, helen: User
) -> None:
    delete_message(by=alice, message_id=past.id)
    assert File.objects.count() == 1
    _dispose(as_role, hari, helen)
    assert not File.objects.exists()


def test_where_the_storage_is_away_the_bytes_go_with_the_next_disposal(
    past: Message, as_role: AsRole, hari: User, helen: User
) -> None:
    file = past.attachments.get().file_id
    with patch("messaging.files.storing.remove", side_effect=PlaceAway):
        certificate = _dispose(as_role, hari, helen)
    assert certificate.document["files"]["waiting_for_removal"] == 1
    assert not Attachment.objects.exists()
    assert place().exists(str(file))
    with as_role("disposer"):
        assert remove_unreferred_files() == 1
    assert not place().exists(str(file))


def test_what_somebody_holds_is_passed_by_and_left_for_the_next_time(
    at: Clock, as_role: AsRole, alice: User, hari: User, helen: User, channel: Channel
) -> None:
    uploads = [uploaded(alice, channel) for _ in range(3)]
    with at(PAST):
        say(alice, channel, "", uploads=ids(*uploads))
    with patch("messaging.files.storing.remove", side_effect=PlaceAway):
        _dispose(as_role, hari, helen)
    held_ones = sorted(upload.id for upload in uploads)[:2]
    with (
        patch("retention.workers.files._BATCH", 2),
        as_role("disposer"),
        psycopg.connect(**connection.get_connection_params()) as other,
    ):
        other.execute("SELECT FROM messaging_file WHERE id = ANY (%s) FOR UPDATE", [held_ones])
        assert remove_unreferred_files() == 1
    assert set(File.objects.values_list("id", flat=True)) == set(held_ones)
    with as_role("disposer"):
        assert remove_unreferred_files() == 2


def test_a_file_that_waits_moves_with_the_keyring_and_its_former_key_opens_nothing(
    channel: Channel, as_role: AsRole, alice: User
) -> None:
    upload = uploaded(alice, channel)
    former = bytes(upload.wrapped), bytes(upload.sealed)
    with as_role("disposer"):
        move_keyring()
    moved = Upload.objects.select_related("own_key").get()
    assert moved.generation_id == upload.generation_id + 1
    assert (bytes(moved.wrapped), bytes(moved.sealed)) != former
    assert details_of(moved).found
    assert say(alice, channel, "", uploads=ids(moved))


@pytest.mark.shows("file-unsent")
def test_what_was_never_sent_leaves_nothing_in_the_storage(channel: Channel, alice: User) -> None:
    upload = uploaded(alice, channel, picture(), "pond.png")
    Upload.objects.update(expires_at=now())
    assert drop_expired() == 1
    assert [name for name in names_there() if name.startswith(str(upload.id))] == []
