"""What a backup is made of, and what it refuses."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.journal.places import Folder
from audit.journal.shipping import ship
from audit.models import Entry
from schoolchat.backup.bundle import name_at, newest_in, open_bundle
from schoolchat.backup.errors import BackupRefused
from schoolchat.backup.making import make_backup
from schoolchat.backup.models import Backup
from schoolchat.restore.checking import Source, journal_at, source_of
from tests.backup.conftest import Places
from tests.retention.scenes import held
from tests.scenes import channel_of, say
from tests.uploads import ids, picture, uploaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def backed_up(places: Places, as_role: AsRole, alice: User, bob: User) -> Places:
    channel = channel_of(alice, bob)
    say(alice, channel, "How it looks", uploads=ids(uploaded(alice, channel, picture(), "p.png")))
    _back_up(places, as_role)
    return places


def _back_up(places: Places, as_role: AsRole) -> Path:
    with as_role("backup"):
        return make_backup(places.rows, keyring_place=places.keys).folder


def test_it_is_in_the_log_with_what_is_in_it(backed_up: Places) -> None:
    made, entry = Backup.objects.get(), Entry.objects.get(action=Action.BACKUP_MADE)
    assert entry.subject == made.uid
    assert (made.messages, made.files) == (entry.facts["messages"], entry.facts["files"])
    assert made.files == 2  # the picture and its thumbnail
    assert newest_in(backed_up.rows, "backup").digest == bytes(made.manifest_sha256)


def test_a_file_is_copied_once(backed_up: Places, as_role: AsRole) -> None:
    before = _files(backed_up)
    again = _back_up(backed_up, as_role)
    assert _files(backed_up) == before
    assert open_bundle(again).manifest["files"] == 2


def test_a_file_that_was_cut_short_is_copied_again(backed_up: Places, as_role: AsRole) -> None:
    before = _files(backed_up)
    next(iter(before)).write_bytes(b"")
    _back_up(backed_up, as_role)
    assert {path.stat().st_size for path in _files(backed_up)} == {
        size for size, _changed in before.values()
    }


def test_old_copies_of_the_keyring_go_and_the_newest_stays(
    backed_up: Places, as_role: AsRole
) -> None:
    (only,) = _bundles(backed_up.keys)
    old = backed_up.keys / name_at(now() - timedelta(days=settings.BACKUPS.keyring_days, hours=1))
    only.rename(old)
    _back_up(backed_up, as_role)
    assert old not in _bundles(backed_up.keys)
    assert len(_bundles(backed_up.keys)) == 1
    assert len(_bundles(backed_up.rows)) == 2


def test_what_a_killed_one_left_is_taken_away(backed_up: Places, as_role: AsRole) -> None:
    left = [place / ".unfinished-2026" for place in (backed_up.rows, backed_up.keys)]
    for folder in left:
        folder.mkdir()
        (folder / "part").touch()
    _back_up(backed_up, as_role)
    assert not any(folder.exists() for folder in left)


def test_nothing_of_one_that_failed_is_left(
    backed_up: Places, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {*backed_up.rows.iterdir(), *backed_up.keys.iterdir()}

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("schoolchat.backup.bundle.os.fsync", full)
    with pytest.raises(BackupRefused, match="There is no room left in"):
        _back_up(backed_up, as_role)
    assert {*backed_up.rows.iterdir(), *backed_up.keys.iterdir()} == before


@pytest.mark.parametrize("inside", ["keys", ""])
def test_the_keyring_stands_apart(tmp_path: Path, inside: str) -> None:
    with pytest.raises(BackupRefused, match="has to stand apart"):
        make_backup(tmp_path, keyring_place=tmp_path / inside)


def test_a_backup_in_the_folder_of_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="would be lost with it"):
        make_backup(Path(settings.DATA_DIR) / "backups", keyring_place=tmp_path)


@pytest.mark.parametrize("whose", ["rows", "keys"])
def test_a_byte_that_was_changed_is_found(backed_up: Places, whose: str) -> None:
    (folder,) = _bundles(getattr(backed_up, whose))
    part = max(folder.glob("*.messaging_contentkey"))
    data = bytearray(part.read_bytes())
    data[-1] ^= 1
    part.write_bytes(data)
    with pytest.raises(BackupRefused, match="messaging_contentkey was altered"):
        _source(backed_up)


def test_a_part_that_was_cut_short_is_found(backed_up: Places) -> None:
    (folder,) = _bundles(backed_up.rows)
    part = folder / "table.audit_entry"
    part.write_bytes(part.read_bytes()[:-20])
    with pytest.raises(BackupRefused, match="audit_entry was altered, cut short"):
        _source(backed_up)


def test_a_part_that_was_altered_opens_for_nobody(backed_up: Places) -> None:
    """Also where its digest in the manifest is not looked at."""
    (folder,) = _bundles(backed_up.rows)
    part = folder / "table.audit_entry"
    part.write_bytes(part.read_bytes()[:-20])
    with pytest.raises(BackupRefused, match="audit_entry was altered"):
        list(open_bundle(folder).read("table.audit_entry"))


def test_a_manifest_that_was_altered_is_found(backed_up: Places) -> None:
    (folder,) = _bundles(backed_up.rows)
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"files": 2', '"files": 3'))
    with pytest.raises(BackupRefused, match="its manifest was altered"):
        _source(backed_up)


def test_without_a_keyring_nothing_is_restored(backed_up: Places, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BackupRefused, match="There is no backup of a keyring in"):
        source_of(backed_up.rows, tmp_path / "empty", Folder(backed_up.journal))
    with pytest.raises(BackupRefused, match="is not there: make or mount it"):
        source_of(backed_up.rows, tmp_path / "nowhere", Folder(backed_up.journal))
    with pytest.raises(BackupRefused, match="is not a keyring's backup"):
        source_of(backed_up.rows, backed_up.rows, Folder(backed_up.journal))


def test_another_schools_master_key_opens_nothing(
    backed_up: Places, settings: pytest.FixtureRequest
) -> None:
    settings.MASTER_KEY = "A" * 43 + "="  # type: ignore[attr-defined]
    with pytest.raises(BackupRefused, match="The master key of this machine does not open"):
        _source(backed_up)


def test_without_its_journal_nothing_is_restored(
    backed_up: Places, as_role: AsRole, dana: User, bob: User
) -> None:
    with pytest.raises(BackupRefused, match="There is no journal at"):
        journal_at(str(backed_up.journal / "nowhere"))
    with override_settings(JOURNAL=backed_up.journal):
        held(dana, people=[bob])
        with as_role("worker"):
            ship()
    _back_up(backed_up, as_role)
    _source(backed_up)
    (line,) = backed_up.journal.glob("*.json")
    line.write_bytes(line.read_bytes() + b" ")
    with pytest.raises(BackupRefused, match="is not the one that this school wrote"):
        _source(backed_up)
    line.unlink()
    with pytest.raises(BackupRefused, match="The journal lacks lines: the backup knows of 1"):
        _source(backed_up)


def _source(places: Places) -> Source:
    return source_of(places.rows, places.keys, Folder(places.journal))


def _bundles(place: Path) -> list[Path]:
    return sorted(path.parent for path in place.glob("*/manifest.json"))


def _files(places: Places) -> dict[Path, tuple[int, float]]:
    found = (path for path in (places.rows / "files").rglob("*") if path.is_file())
    return {path: (path.stat().st_size, path.stat().st_mtime) for path in found}
