"""The keyring file: opened by its master key and by nothing else."""

import base64
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from audit import checks, keyring


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.KEYS_DIR = tmp_path / "keys"
    settings.MASTER_KEY = ""
    settings.MASTER_KEY_FILE = settings.KEYS_DIR / "master.key"
    keyring.forget()
    keyring.prepare()
    yield settings.KEYS_DIR
    keyring.forget()


def test_a_first_run_makes_key_and_ring_of_mode_600(folder: Path) -> None:
    for name in ("master.key", "keyring.json"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_ring_holds_no_key_in_plain(folder: Path) -> None:
    ring = keyring.ring()
    content = (folder / "keyring.json").read_bytes()
    for key in (*ring.generations.values(), ring.signing_key.private_bytes_raw()):
        assert key not in content
        assert base64.b64encode(key) not in content


def test_a_second_run_opens_what_is_there(folder: Path) -> None:
    before = keyring.ring()
    keyring.forget()
    keyring.prepare()
    assert keyring.ring().generations == before.generations


def test_a_missing_master_key_is_said_and_never_replaced(folder: Path) -> None:
    (folder / "master.key").unlink()
    keyring.forget()
    with pytest.raises(keyring.MasterKeyMissing):
        keyring.prepare()
    assert not (folder / "master.key").exists()
    assert [error.id for error in checks.keyring_opens()] == ["audit.E001"]


@pytest.mark.parametrize("wrong", [base64.b64encode(bytes(32)).decode(), "short", ""])
def test_a_wrong_master_key_is_said(folder: Path, wrong: str) -> None:
    (folder / "master.key").write_text(wrong)
    keyring.forget()
    found = checks.keyring_opens()
    assert [error.id for error in found] == ["audit.E002"]
    assert found[0].hint


def test_wrapping_is_undone_only_under_the_same_generation(folder: Path) -> None:
    ring = keyring.ring()
    ring.generations[2] = secrets.token_bytes(32)
    key = secrets.token_bytes(32)
    wrapped = ring.wrap(key, 1)
    assert ring.unwrap(wrapped, 1) == key
    with pytest.raises(keyring.KeyringError):
        ring.unwrap(wrapped, 2)
    with pytest.raises(keyring.UnknownGeneration):
        ring.unwrap(wrapped, 3)


def test_what_a_killed_writing_left_stops_no_later_one_and_is_swept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_descriptor: int) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("audit.keyring.os.fsync", killed)
        with pytest.raises(SystemExit):
            keyring.write(keyring.ring())
    assert keyring.leftovers()
    keyring.write(keyring.ring())
    assert not keyring.leftovers()

    (folder / ".keyring.json.4711").write_text("of an older release")
    keyring.prepare()
    assert sorted(file.name for file in folder.iterdir()) == ["keyring.json", "master.key"]


@pytest.mark.parametrize("name", ["master.key", "keyring.json"])
def test_a_file_of_keys_that_others_can_read_is_an_error(folder: Path, name: str) -> None:
    assert checks.keys_are_private() == []
    (folder / name).chmod(0o640)
    (found,) = checks.keys_are_private()
    assert (found.id, found.is_serious()) == ("audit.E003", True)
    assert name in found.msg
    assert found.hint


def test_a_folder_of_keys_that_others_can_list_is_a_warning(folder: Path) -> None:
    folder.chmod(0o755)
    (found,) = checks.keys_are_private()
    assert (found.id, found.is_serious()) == ("audit.W001", False)
