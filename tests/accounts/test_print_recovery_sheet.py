"""The master key on paper."""

from accounts.recovery import LINES, recovery_sheet, words_match

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
