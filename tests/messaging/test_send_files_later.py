"""Files that wait with a text: they live as long as it does, are sent with it, and go with it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services.people import deactivate_person
from audit.clock import iso, now
from audit.models import Entry
from messaging.files.places import place
from messaging.ingest.waiting import post_due
from messaging.models import Channel, Message, Upload, WaitingText
from messaging.rendering import messages_json
from messaging.services.channel_settings import change_channel
from messaging.services.uploads import drop_expired
from tests.cast import client_of
from tests.roles import acting_as
from tests.scenes import channel_of
from tests.uploads import NOTE, begun, picture, uploaded

pytestmark = pytest.mark.django_db

PAGE = "/messages/later/"


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


def _ask(person: User, channel: Channel, *uploads: object, text: str = "The list"):  # type: ignore[no-untyped-def]
    due = iso(now() + timedelta(days=3))
    data = {"channel": str(channel.id), "text": text, "due_at": due}
    files = [str(one) for one in uploads]
    return client_of(person).post(
        f"{PAGE}new/", {**data, "uploads": files}, content_type="application/json"
    )


def _wait(person: User, channel: Channel, *uploads: Upload, text: str = "The list") -> UUID:
    answer = _ask(person, channel, *(each.id for each in uploads), text=text)
    assert answer.status_code == 201, answer.content
    return UUID(answer.json()["id"])


def _two_days_pass() -> None:
    """For the uploads that are there."""
    passed = timedelta(days=2)
    Upload.objects.update(expires_at=F("expires_at") - passed, begun_at=F("begun_at") - passed)
    drop_expired()


@pytest.mark.shows("schedule", "attach")
def test_a_text_waits_with_its_files_longer_than_a_day_and_is_sent_with_them(
    channel: Channel, alice: User, bob: User
) -> None:
    upload, unsent = uploaded(alice, channel), uploaded(alice, channel)
    entries = Entry.objects.count()
    waiting = _wait(alice, channel, upload)
    _two_days_pass()
    assert list(Upload.objects.values_list("id", flat=True)) == [upload.id] != [unsent.id]
    assert "note.txt" in client_of(alice).get(PAGE).content.decode()
    assert "note.txt" in client_of(alice).get(f"{PAGE}{waiting}/").content.decode()
    assert Entry.objects.count() == entries
    WaitingText.objects.update(due_at=now())
    with acting_as("worker"):
        assert post_due() == 1
    (message,) = Message.objects.filter(channel=channel, kind="text")
    (file,) = messages_json([message])[0]["attachments"]
    assert b"".join(client_of(bob).get(file["url"])) == NOTE
    assert not Upload.objects.exists()


def test_files_may_wait_without_a_word(channel: Channel, alice: User) -> None:
    waiting = _wait(alice, channel, uploaded(alice, channel), text="")
    browser = client_of(alice)
    due = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    changed = browser.post(f"{PAGE}{waiting}/", {"text": " ", "due_at": due})
    assert changed.status_code == 302
    browser.post(f"{PAGE}{waiting}/send/")
    (message,) = Message.objects.filter(channel=channel, kind="text")
    assert len(messages_json([message])[0]["attachments"]) == 1
    assert _ask(alice, channel, text=" ").status_code == 409


def test_they_go_with_the_text_that_is_withdrawn_and_with_the_account(
    channel: Channel, alice: User, bob: User, theo: User
) -> None:
    waiting = _wait(alice, channel, withdrawn := uploaded(alice, channel))
    _wait(bob, channel, left := uploaded(bob, channel))
    assert place().exists(str(left.id))
    client_of(alice).post(f"{PAGE}{waiting}/remove/")
    assert Upload.objects.get(id=withdrawn.id).own_key is None
    deactivate_person(person_id=bob.id, by=theo)
    assert drop_expired() == 2
    assert not Upload.objects.exists()
    for upload in (withdrawn, left):
        assert not place().exists(str(upload.id))


def test_only_ready_files_of_ones_own_wait_and_each_with_one_text(
    channel: Channel, alice: User, bob: User
) -> None:
    _wait(alice, channel, kept := uploaded(alice, channel))
    theirs, unready = uploaded(bob, channel), begun(alice, channel)
    for upload, why in (
        (kept.id, "not there"),
        (theirs.id, "not there"),
        (uuid4(), "not there"),
        (unready.id, "still being checked"),
    ):
        answer = _ask(alice, channel, upload)
        assert (answer.status_code, why in answer.json()["detail"]) == (409, True)
    assert _ask(alice, channel, "nonsense").status_code == 400
    assert WaitingText.objects.count() == 1


def test_what_may_not_come_any_more_says_so_and_is_kept(channel: Channel, alice: User) -> None:
    _wait(alice, channel, uploaded(alice, channel, picture(), "hall.png"))
    change_channel(
        by=alice,
        channel_id=channel.id,
        name=channel.name,
        purpose="",
        mention_all="owners",
        no_images=True,
    )
    WaitingText.objects.update(due_at=now())
    assert post_due() == 0
    assert "Pictures are not allowed" in client_of(alice).get(PAGE).content.decode()
    _two_days_pass()
    assert Upload.objects.count() == 1


def test_the_list_asks_for_the_files_of_all_texts_at_once(channel: Channel, alice: User) -> None:
    browser = client_of(alice)

    def asked(files: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(PAGE)
        assert answer.content.decode().count("note.txt") == files
        return len(queries)

    _wait(alice, channel, uploaded(alice, channel))
    assert asked(1)  # what is asked once a session has been
    few = asked(1)
    _wait(alice, channel, uploaded(alice, channel), uploaded(alice, channel))
    assert asked(3) == few
