"""The master key on paper, and back from it."""

import base64
import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.recovery import LINES, quarter_of, recovery_sheet, words_match

KEY = bytes(range(32))


def test_the_sheet_holds_the_whole_key() -> None:
    lines = recovery_sheet(KEY)
    assert len(lines) == LINES
    assert bytes.fromhex("".join(line.digits for line in lines).replace(" ", "")) == KEY


def test_any_other_digit_changes_the_word_of_its_line_and_no_other() -> None:
    sheet = recovery_sheet(KEY)
    other = recovery_sheet(KEY[:8] + bytes([KEY[8] ^ 1]) + KEY[9:])
    assert [a.word == b.word for a, b in zip(sheet, other, strict=True)] == [
        True,
        False,
        True,
        True,
    ]


def test_the_words_are_taken_however_they_are_typed() -> None:
    words = [line.word for line in recovery_sheet(KEY)]
    assert words_match(KEY, "  " + "  ".join(words).upper() + "\n")
    assert not words_match(KEY, " ".join(reversed(words)))
    assert not words_match(KEY, "")


def _typed() -> list[str]:
    return [f"{line.digits}  {line.word.upper()}" for line in recovery_sheet(KEY)]


def test_a_line_is_taken_only_with_its_own_word() -> None:
    lines = _typed()
    assert b"".join(quarter_of(n, line) or b"" for n, line in enumerate(lines)) == KEY
    for wrong in (lines[1], lines[0].replace("0", "1", 1), lines[0][:-1], "", "gibberish"):
        assert quarter_of(0, wrong) is None


def test_the_sheet_is_typed_in_on_a_machine_without_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = _typed()
    answers = iter(["a slip of the finger", first, *others])
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))
    file = tmp_path / "keys" / "master.key"
    with override_settings(MASTER_KEY_FILE=file):
        call_command("type_sheet")
        assert base64.b64decode(file.read_text()) == KEY
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        with pytest.raises(CommandError, match="There is a master key here already"):
            call_command("type_sheet")


def test_nothing_is_written_of_a_sheet_that_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _question: "0000 0000 0000 0000 baboba")
    file = tmp_path / "master.key"
    with override_settings(MASTER_KEY_FILE=file), pytest.raises(CommandError, match="Nothing was"):
        call_command("type_sheet")
    assert not file.exists()
