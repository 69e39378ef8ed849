"""What came into the folders of copies after the backup that was put back is not known: no
certificate says that old copies are gone before each folder was looked into again."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import override_settings

from accounts.models import User
from audit.journal.places import Folder
from audit.signing import sign_checkpoint
from retention.copies import ends_of_copies, places_unseen
from retention.models import Certificate, CopiesEnded, KeyringCopy, KeyringPlace
from retention.workers.destroying import carry_out_approved
from schoolchat.backup.making import make_backup
from schoolchat.restore.restoring import restore
from tests.backup.conftest import Elsewhere, Places
from tests.cast import client_of
from tests.retention.conftest import Clock
from tests.retention.scenes import approved, past_channel
from tests.roles import acting_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]


def test_every_folder_is_looked_into_again_before_copies_are_said_to_be_gone(
    elsewhere: Elsewhere, places: Places, at: Clock, alice: User, hari: User, helen: User
) -> None:
    past_channel(at, alice)
    approved(hari, helen)
    first, second = places.keys, places.keys.with_name("second")
    with override_settings(JOURNAL=places.journal), acting_as("disposer"):
        (certificate,) = carry_out_approved()
    with acting_as("sealer"):
        sign_checkpoint()
    with acting_as("backup"):
        older = make_backup(places.rows, keyring_place=first).folder
        make_backup(places.rows, keyring_place=second)
    with acting_as("owner"), elsewhere():
        restore(older, keyring_place=second, journal=Folder(places.journal))
        assert {one.folder for one in KeyringPlace.objects.all()} == {str(first), str(second)}
        assert places_unseen() == 2
        _seen_to_end(certificate)
        assert ends_of_copies() == {certificate.number: None}
        page = client_of(helen).get("/records/backups/").content.decode()
        assert "no backup has looked into 2 folders" in page
        assert str(second) in page
        make_backup(places.rows, keyring_place=first)
        assert places_unseen() == 1
        assert ends_of_copies() == {certificate.number: None}
        make_backup(places.rows, keyring_place=first, former=[second])
        assert places_unseen() == 0
        assert KeyringCopy.objects.filter(place=_uid(second)).count() == 1
        assert ends_of_copies()[certificate.number] is not None
        page = client_of(helen).get("/records/backups/").content.decode()
        assert str(second) not in page


def _seen_to_end(certificate: Certificate) -> None:
    """As if every copy that is known had been seen to end."""
    CopiesEnded.objects.create(before=certificate.issued_at + timedelta(days=1))


def _uid(folder: Path) -> UUID:
    return KeyringPlace.objects.get(folder=str(folder)).uid
