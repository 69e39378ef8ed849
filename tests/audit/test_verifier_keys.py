"""Verifier keys: published ones, and whatever a line may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tree.notes import (
    NoteError,
    key_id,
    parse_note,
    parse_verifier_key,
    signed,
    verifier_key,
    verify_note,
)
from tests.audit.signed_notes import ENOCH, FEW, KEY, NAME, NOTE, PETER, PUBLIC, TEXT

#: The keys of Go's checksum database, and the two that the test of sumdb/note calls bad.
GO = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
BAD_KEYS = [
    "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
    "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
]


@pytest.mark.parametrize("line", [PETER, ENOCH, GO, verifier_key(NAME, PUBLIC)])
def test_a_verifier_key_is_read_and_written_again(line: str) -> None:
    key = parse_verifier_key(line)
    assert line.startswith(f"{key.name}+{key_id(key.name, key.public_key).hex()}+")
    assert verifier_key(key.name, key.public_key) == line


def test_no_part_of_a_verifier_key_is_one() -> None:
    for start in range(len(PETER)):
        for end in range(start + 1, len(PETER) + 1):
            if (start, end) != (0, len(PETER)):
                with pytest.raises(NoteError):
                    parse_verifier_key(PETER[start:end])


def test_no_character_of_a_verifier_key_can_be_changed() -> None:
    for at, character in enumerate(PETER):
        for other in (chr(ord(character) + 1), character.swapcase(), " ", ""):
            if other != character:
                with pytest.raises(NoteError):
                    parse_verifier_key(PETER[:at] + other + PETER[at + 1 :])


@pytest.mark.parametrize(
    "line", [*BAD_KEYS, "", "+", "++", "a+b+c", f"{PETER}\n", f" {PETER}", PETER + "="]
)
def test_what_is_no_verifier_key_is_refused(line: str) -> None:
    with pytest.raises(NoteError):
        parse_verifier_key(line)


@FEW
@given(st.text() | st.text("ab0+=/ \n"))
def test_any_text_is_a_verifier_key_or_refused(line: str) -> None:
    try:
        key = parse_verifier_key(line)
    except NoteError:
        return
    assert verifier_key(key.name, key.public_key) == line


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\tb", "a\nb", "a\x00", "\u2028", "\ud800", "\x85"]
)
def test_a_name_that_cannot_be_written_is_refused(name: str) -> None:
    for use in (key_id, verifier_key):
        with pytest.raises(NoteError):
            use(name, PUBLIC)
    with pytest.raises(NoteError):
        signed(TEXT, name, KEY)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(NoteError):
        key_id(NAME, bytes(length))
    with pytest.raises(NoteError):
        verify_note(parse_note(NOTE), NAME, bytes(length))
