"""What a backup saw of the copies of the keyring in one folder says nothing of those in another."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from accounts.models import User
from retention.models import Certificate, CopiesEnded, KeyringCopy, KeyringPlace
from retention.workers.certifying import certify_beyond_use
from retention.workers.destroying import carry_out_approved
from schoolchat.backup.bundle import names_in
from schoolchat.backup.errors import BackupRefused
from schoolchat.backup.keyring_places import ID, Ended
from schoolchat.backup.making import make_backup
from tests.backup.conftest import Places
from tests.retention.conftest import Clock
from tests.retention.scenes import approved, past_channel
from tests.roles import acting_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]


@pytest.fixture
def folders(places: Places) -> list[Path]:
    """Three, for the keyring, each with a copy of it."""
    found = [places.keys.with_name(name) for name in ("one", "other", "former")]
    for folder in found:
        _back_up(places, folder)
    return found


def test_a_certificate_waits_for_every_folder_that_got_a_copy(
    places: Places, folders: list[Path], at: Clock, alice: User, hari: User, helen: User
) -> None:
    past_channel(at, alice)
    approved(hari, helen)
    one, other, former = folders
    with acting_as("disposer"):
        (first,) = carry_out_approved()
    with override_settings(BACKUPS=replace(settings.BACKUPS, keyring_days=0)):
        for _night in range(2):
            assert _superseded_after(places, one) == []
        assert _superseded_after(places, other) == []
        assert len(names_in(former)) == 1
        (second,) = _superseded_after(places, one, former=[former])
        assert names_in(former) == []
    assert second.supersedes == first


@pytest.mark.parametrize("name", ["of-the-summer", "archive/of-the-summer", ".kept/it"])
def test_what_may_be_a_copy_elsewhere_in_the_folder_is_not_said_to_be_gone(
    places: Places, name: str
) -> None:
    _back_up(places, places.keys)
    (copy,) = names_in(places.keys)
    (places.keys / name).parent.mkdir(exist_ok=True)
    (places.keys / copy).rename(places.keys / name)
    (said,) = _back_up(places, places.keys).unsaid
    assert name.split("/", maxsplit=1)[0] in said
    assert CopiesEnded.objects.count() == 1


def test_a_copy_of_a_folder_is_another_one(places: Places) -> None:
    """Under its name, too: so do people move to a new disk."""
    _back_up(places, places.keys)
    former, moved = places.keys.with_name("former"), places.keys.with_name("moved")
    places.keys.rename(former)
    subprocess.run(["cp", "-a", former, places.keys], check=True)
    _back_up(places, places.keys)
    assert KeyringPlace.objects.count() == 2
    assert (former / ID).read_text() != (places.keys / ID).read_text()
    places.keys.rename(moved)
    (moved / ID).chmod(0o640)
    _back_up(places, moved, former=[former])
    assert {one.folder for one in KeyringPlace.objects.all()} == {str(former), str(moved)}
    assert KeyringCopy.objects.values("place").distinct().count() == 2


def test_a_folder_of_before_there_were_ids_can_be_named(
    places: Places, folders: list[Path]
) -> None:
    former = folders[2]
    (former / ID).unlink()
    with override_settings(BACKUPS=replace(settings.BACKUPS, keyring_days=0)):
        pruned = _back_up(places, folders[0], former=[former]).pruned
    assert (len(pruned), names_in(former)) == (2, [])
    assert KeyringPlace.objects.filter(folder=str(former)).count() == 2


def test_copies_of_before_there_were_ids_count(places: Places) -> None:
    _back_up(places, places.keys)
    (places.keys / ID).unlink()
    with acting_as("owner"):
        KeyringCopy.objects.all().delete()
    _back_up(places, places.keys)
    assert KeyringCopy.objects.count() == 2
    assert KeyringCopy.objects.values("place").distinct().count() == 1


def test_a_folder_without_copies_is_no_former_one_and_costs_no_backup(
    places: Places, tmp_path: Path
) -> None:
    with pytest.raises(BackupRefused, match="is not a folder that backups of the keyring"):
        _back_up(places, places.keys, former=[tmp_path])
    assert len(names_in(places.rows)) == 1


def _superseded_after(places: Places, folder: Path, **options: list[Path]) -> list[Certificate]:
    _back_up(places, folder, **options)
    with acting_as("disposer"):
        return certify_beyond_use()


def _back_up(places: Places, folder: Path, **options: list[Path]) -> Ended:
    with acting_as("backup"):
        return make_backup(places.rows, keyring_place=folder, **options).ended
