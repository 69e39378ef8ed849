"""A master key that is missing or wrong: one clear sentence, no start, and nothing is made anew."""

import base64
import secrets
from pathlib import Path

import pytest

from tests.faults.product import manage

MISSING = "The master key is missing: set SCHOOLCHAT_MASTER_KEY or put back its key file."
WRONG = "The master key does not open the keyring: it is not the key that sealed it."


@pytest.fixture
def keys(folder: Path) -> Path:
    return folder / "keys"


def _another_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _lose(keys: Path) -> None:
    (keys / "master.key").unlink()


def _mistake(keys: Path) -> None:
    (keys / "master.key").write_text(_another_key())


@pytest.mark.parametrize(
    ("break_it", "sentence", "check"),
    [(_lose, MISSING, "audit.E001"), (_mistake, WRONG, "audit.E002")],
    ids=["missing", "wrong"],
)
def test_serve_refuses_with_one_sentence_and_the_check_has_an_id(
    folder: Path, keys: Path, break_it: object, sentence: str, check: str
) -> None:
    before = (keys / "keyring.json").read_bytes()
    break_it(keys)  # type: ignore[operator]
    refused = manage(folder, "serve", "--port", "0")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert sentence in refused.stderr
    assert refused.stderr.count("\n") == 1, refused.stderr
    checked = manage(folder, "check")
    assert checked.returncode == 1
    assert f"({check}) {sentence}" in checked.stderr
    assert (keys / "keyring.json").read_bytes() == before
    assert (keys / "master.key").exists() == (check == "audit.E002")


def test_a_key_in_the_environment_goes_before_the_file(folder: Path, keys: Path) -> None:
    wrong = manage(folder, "check", SCHOOLCHAT_MASTER_KEY=_another_key())
    assert WRONG in wrong.stderr
    assert manage(folder, "check").returncode == 0
    given = (keys / "master.key").read_text()
    _lose(keys)
    assert manage(folder, "check", SCHOOLCHAT_MASTER_KEY=given).returncode == 0
