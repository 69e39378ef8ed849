"""Signed notes: published vectors, and whatever a text may be."""

import base64
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from audit.tree.notes import (
    MOST_BYTES,
    MOST_SIGNATURES,
    CheckpointBody,
    NoteError,
    Signature,
    compose,
    key_id,
    parse_checkpoint,
    parse_note,
    parse_verifier_key,
    signatures_by,
    signed,
    verify_note,
)
from tests.audit.signed_notes import (
    BY_PETER,
    ENOCH,
    FEW,
    HEAD,
    KEY,
    LINES,
    NAME,
    NOTE,
    PUBLIC,
    TEXT,
    by,
    peter,
)

PETERS_SEED = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
BY_ENOCH = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2t"
    "iOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
#: The example of c2sp.org/signed-note, whose key is nowhere given.
POEM = """Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""  # noqa: E501
#: The example of c2sp.org/tlog-checkpoint.
SOFA = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""  # noqa: E501

NOT_NOTES = {
    "no signatures": TEXT,
    "nothing after the blank line": f"{TEXT}\n",
    "an unfinished line": NOTE[:-1],
    "a control character": f"\x01{NOTE}",
    "a tab": f"\t{NOTE}",
    "another end of line": NOTE.replace("\n", "\r\n"),
    "a null": NOTE.replace("you", "y\x00u"),
    "half a character": f"\ud800{NOTE}",
    "no blank line": f"{TEXT}{BY_PETER}",
    "a signature alone": BY_PETER,
    "a line that is no signature": f"{NOTE}Unexpected line.\n",
    "a blank line at the end": f"{NOTE}\n",
    "a name of two words": NOTE.replace("PeterNeumann", "Bad Name"),
    "a name with another space": NOTE.replace("PeterNeumann", "Bad\N{NO-BREAK SPACE}Name"),
    "a name with a wide space": NOTE.replace("PeterNeumann", "Bad\N{IDEOGRAPHIC SPACE}Name"),
    "a name with a plus": NOTE.replace("PeterNeumann", "Bad+Name"),
    "no name": NOTE.replace("— PeterNeumann ", "—  "),
    "no dash": NOTE.replace("— ", ""),
    "another dash": NOTE.replace("—", "-"),
    "no space after the dash": NOTE.replace("— ", "—"),
    "two spaces": NOTE.replace("PeterNeumann ", "PeterNeumann  "),
    "a space at the end": f"{NOTE[:-1]} \n",
    "no signature": re.sub(r"x08go.*", "", NOTE),
    "a signature of an id alone": re.sub(r"x08go.*", "x08gow==", NOTE),
    "padding left out": NOTE.replace("nAM=", "nAM"),
    "base64 with loose bits": NOTE.replace("nAM=", "nAN="),
    "base64 for addresses": NOTE.replace("x08go/", "x08go_"),
    "too many signatures": f"{TEXT}\n{BY_PETER * (MOST_SIGNATURES + 1)}",
    "too long": f"{'x' * MOST_BYTES}{NOTE}",
    "too long in UTF-8": f"{'é' * (MOST_BYTES // 2)}{NOTE}",
    "nothing": "",
}


def test_the_published_note_verifies_and_is_written_again() -> None:
    seed = base64.b64decode(PETERS_SEED)[1:]
    assert by(peter(), NOTE)
    assert signed(TEXT, "PeterNeumann", Ed25519PrivateKey.from_private_bytes(seed)) == NOTE
    [signature] = parse_note(NOTE).signatures
    assert compose(TEXT, "PeterNeumann", peter().public_key, signature.signature) == NOTE


def test_a_note_by_two_is_by_each() -> None:
    note = f"{NOTE}{BY_ENOCH}"
    assert parse_note(note).text == TEXT
    assert [one.name for one in parse_note(note).signatures] == ["PeterNeumann", "EnochRoot"]
    assert by(peter(), note)
    assert by(parse_verifier_key(ENOCH), note)


def test_a_note_by_another_is_not_ours() -> None:
    assert not by(parse_verifier_key(ENOCH), NOTE)
    note = parse_note(NOTE)
    assert signatures_by(note, "EnochRoot", parse_verifier_key(ENOCH).public_key) == []


def test_another_key_under_our_name_does_not_count() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    note = signed(HEAD, NAME, other)
    assert not verify_note(parse_note(note), NAME, PUBLIC)
    both = signed(HEAD, NAME, KEY) + note.removeprefix(f"{HEAD}\n")
    assert verify_note(parse_note(both), NAME, PUBLIC)


def test_our_key_under_another_name_does_not_count() -> None:
    assert not verify_note(parse_note(signed(HEAD, "elsewhere", KEY)), NAME, PUBLIC)


def test_a_false_signature_in_our_name_spoils_the_note() -> None:
    false = compose(HEAD, NAME, PUBLIC, bytes(64)).removeprefix(f"{HEAD}\n")
    note = parse_note(signed(HEAD, NAME, KEY) + false)
    assert len(signatures_by(note, NAME, PUBLIC)) == 2
    assert not verify_note(note, NAME, PUBLIC)


@pytest.mark.parametrize("length", [1, 63, 65, 5_000])
def test_a_signature_of_another_length_does_not_hold(length: int) -> None:
    assert not verify_note(parse_note(compose(HEAD, NAME, PUBLIC, bytes(length))), NAME, PUBLIC)


def test_no_character_of_the_text_can_be_changed() -> None:
    for at in range(len(TEXT) - 1):
        assert not by(peter(), f"{TEXT[:at]}~{TEXT[at + 1 :]}\n{BY_PETER}")


def test_the_examples_of_the_specifications_are_read() -> None:
    poem = parse_note(POEM)
    assert poem.text.endswith("sole:\n\ned è subito sera.\n")
    assert poem.signatures[0].name == "quasimodo.example/salvatore"
    sofa = parse_note(SOFA)
    assert parse_checkpoint(sofa.text) == CheckpointBody(
        origin="example.com/behind-the-sofa",
        size=20_852_163,
        root=base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="),
    )
    assert sofa.signatures[0].key_id == base64.b64decode("Az3grg==")


@pytest.mark.parametrize("wrong", NOT_NOTES)
def test_what_is_not_written_as_a_note_is_refused(wrong: str) -> None:
    with pytest.raises(NoteError, match=r"^[A-Z][^\n]*\.$"):
        parse_note(NOT_NOTES[wrong])


def test_as_much_as_may_be_is_read() -> None:
    assert (MOST_BYTES, MOST_SIGNATURES) == (65_536, 100)
    assert len(parse_note(f"{TEXT}\n{BY_PETER * 100}").signatures) == 100
    assert by(peter(), NOTE) == by(peter(), f"{TEXT}\n{BY_PETER * 100}")
    long = f"{'x' * (MOST_BYTES - len(NOTE.encode()))}{NOTE}"
    assert len(parse_note(long).text) == MOST_BYTES - len(NOTE.encode()) + len(TEXT)


@FEW
@given(st.text() | st.text("—  \nab+=A/\x00").map(lambda text: f"{TEXT}\n{text}"))
def test_any_text_is_a_note_or_refused(text: str) -> None:
    try:
        note = parse_note(text)
    except NoteError:
        return
    assert text.startswith(f"{note.text}\n— ")


@FEW
@given(st.integers(0, len(NOTE)), st.text(max_size=3), st.integers(0, 3))
def test_a_note_with_something_put_into_it_is_never_taken_for_the_other(
    at: int, put: str, gone: int
) -> None:
    text = NOTE[:at] + put + NOTE[at + gone :]
    try:
        taken = by(peter(), text)
    except NoteError:
        return
    assert not taken or parse_note(text).text == TEXT


@FEW
@given(st.lists(LINES, min_size=1, max_size=6))
def test_a_text_is_read_as_it_was_signed(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    note = parse_note(signed(text, NAME, KEY))
    signature = Signature(name=NAME, key_id=key_id(NAME, PUBLIC), signature=KEY.sign(text.encode()))
    assert (note.text, note.signatures) == (text, (signature,))
    assert verify_note(note, NAME, PUBLIC)


@pytest.mark.parametrize(
    "text", ["", "abc", "a\tb\n", "a\r\n", "\ud800\n", "x" * MOST_BYTES + "\n"]
)
def test_what_cannot_be_a_notes_text_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError):
        signed(text, NAME, KEY)
    with pytest.raises(NoteError):
        compose(text, NAME, PUBLIC, bytes(64))


def test_a_note_without_a_signature_is_not_written() -> None:
    with pytest.raises(NoteError):
        compose(TEXT, NAME, PUBLIC, b"")
