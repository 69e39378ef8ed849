"""A disposal that is carried out while a backup is made: the backup is whole all the same."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import override_settings

from accounts.models import User
from audit.journal.places import Folder
from audit.signing import sign_checkpoint
from messaging.files import storing
from messaging.files.places import place
from messaging.models import Attachment, File, Message
from retention.models import Certificate
from schoolchat.backup.errors import BackupRefused
from schoolchat.backup.making import make_backup
from schoolchat.backup.models import Backup
from schoolchat.restore.checking import source_of
from schoolchat.restore.putting import wanting
from schoolchat.restore.restoring import restore
from tests.backup.conftest import Elsewhere, Places
from tests.backup.lost import Lost
from tests.backup.test_back_up_under_load import in_the_middle
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import approved, past_channel
from tests.roles import acting_as
from tests.scenes import channel_of, say
from tests.uploads import ids, picture, uploaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]


def test_what_was_disposed_of_meanwhile_stays_gone(
    elsewhere: Elsewhere,
    places: Places,
    at: Clock,
    alice: User,
    bob: User,
    hari: User,
    helen: User,
) -> None:
    """It is in the snapshot; its file and its keys are gone when files are copied."""
    school = Lost(places, acting_as)
    with override_settings(JOURNAL=places.journal):
        past = past_channel(at, alice, bob)
        with at(PAST):
            goes = say(bob, past, "Old", uploads=ids(uploaded(bob, past, picture(), "old.png")))
        young = channel_of(alice, bob, name="Young")
        say(bob, young, "Look", uploads=ids(uploaded(bob, young, picture(), "new.png")))
        file = Attachment.objects.get(message=goes).file_id
        approved(hari, helen)
        with acting_as("sealer"):
            sign_checkpoint()
        there = Message.objects.count()
        with in_the_middle(places) as process:
            school.dispose()
    assert process.returncode == 0
    assert Certificate.objects.get().document["messages"] == school.disposed > 0
    assert not File.objects.filter(pk=file).exists()
    made = Backup.objects.get()
    assert (made.messages, made.files) == (there, 2)

    with acting_as("owner"), elsewhere():
        restored = restore(places.rows, keyring_place=places.keys, journal=Folder(places.journal))
        assert restored.problems == ()
        assert (restored.replayed.messages, restored.files) == (school.disposed, 2)
        assert restored.messages == len(school.left) == there - school.disposed
        assert set(Message.objects.values_list("id", flat=True)) == school.left
        assert not File.objects.filter(pk=file).exists()


def test_a_file_that_is_referred_to_and_not_there_is_said(
    places: Places, as_role: AsRole, alice: User
) -> None:
    channel = channel_of(alice)
    say(alice, channel, "Look", uploads=ids(uploaded(alice, channel, picture(), "p.png")))
    name, *_ = storing.names_of(File.objects.get().pk)
    place().delete(name)
    with as_role("backup"), pytest.raises(BackupRefused, match="is not in the storage of files"):
        make_backup(places.rows, keyring_place=places.keys)


def test_a_restore_says_which_files_are_wanting(
    places: Places, as_role: AsRole, alice: User
) -> None:
    channel = channel_of(alice)
    with as_role("backup"):
        make_backup(places.rows, keyring_place=places.keys)
    source = source_of(places.rows, places.keys, Folder(places.journal))
    assert wanting(source) == []
    say(alice, channel, "Look", uploads=ids(uploaded(alice, channel, picture(), "p.png")))
    (sentence,) = wanting(source)
    assert sentence.startswith("1 of the files that messages refer to went")
