"""Signed notes and checkpoints: published vectors, and whatever a text may be."""

import base64
import re
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.tree.notes import (
    MOST_BYTES,
    MOST_SIGNATURES,
    CheckpointBody,
    NoteError,
    Signature,
    VerifierKey,
    checkpoint_text,
    compose,
    key_id,
    parse_checkpoint,
    parse_note,
    parse_verifier_key,
    signatures_by,
    signed,
    verifier_key,
    verify_note,
)

FEW = settings(max_examples=40, deadline=None)

#: The key pair, the text and the signatures of the tests of golang.org/x/mod/sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SEED = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZIn"
    "NIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2t"
    "iOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
NOTE = f"{TEXT}\n{BY_PETER}"
#: The keys of Go's checksum database and of that test, and the two that the test calls bad.
GO = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
BAD_KEYS = [
    "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
    "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
]
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

NAME = "schoolchat/0192f0c1-2b5e-7d3a-9c41-5f6e7a8b9c0d"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
ROOT = bytes(range(32))
ROOT_LINE = base64.b64encode(ROOT).decode()
HEAD = checkpoint_text(NAME, 12, ROOT)

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
NOT_CHECKPOINTS = {
    "nothing": "",
    "two lines": "a\n1\n",
    "an unfinished line": HEAD[:-1],
    "no origin": HEAD.replace(NAME, ""),
    "an empty line at the end": f"{HEAD}\n",
    "an empty extension": f"{HEAD}\nmore\n",
    "a leading zero": HEAD.replace("\n12\n", "\n012\n"),
    "two zeros": HEAD.replace("\n12\n", "\n00\n"),
    "a sign": HEAD.replace("\n12\n", "\n+12\n"),
    "less than none": HEAD.replace("\n12\n", "\n-12\n"),
    "a space": HEAD.replace("\n12\n", "\n12 \n"),
    "digits of another script": HEAD.replace("\n12\n", "\n١٢\n"),
    "hexadecimal": HEAD.replace("\n12\n", "\n0xc\n"),
    "an underscore": HEAD.replace("\n12\n", "\n1_2\n"),
    "a fraction": HEAD.replace("\n12\n", "\n12.0\n"),
    "no number": HEAD.replace("\n12\n", "\n\n"),
    "more than a log can have": HEAD.replace("\n12\n", f"\n{1 << 63}\n"),
    "very many": HEAD.replace("\n12\n", f"\n{'9' * 5_000}\n"),
    "a short root": HEAD.replace(ROOT_LINE, "AAAA"),
    "a long root": HEAD.replace(ROOT_LINE, "A" * 44),
    "a root in hexadecimal": HEAD.replace(ROOT_LINE, ROOT.hex()),
    "loose bits": HEAD.replace("Hh8=", "Hh9="),
    "a tab": HEAD.replace(NAME, f"{NAME}\t"),
    "another end of line": HEAD.replace("\n", "\r\n"),
}  # fmt: skip


def peter() -> VerifierKey:
    return parse_verifier_key(PETER)


def by(key: VerifierKey, note: str) -> bool:
    return verify_note(parse_note(note), key.name, key.public_key)


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


LINES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[*map(chr, range(32))]), max_size=20
)


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


# Verifier keys


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


# Checkpoints


@FEW
@given(LINES.filter(bool), st.integers(0, (1 << 63) - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_is_read_as_it_was_written(origin: str, size: int, root: bytes) -> None:
    written = checkpoint_text(origin, size, root)
    assert parse_checkpoint(written) == CheckpointBody(origin=origin, size=size, root=root)
    assert written == f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def test_the_longest_log_that_can_be_has_a_checkpoint() -> None:
    most = 9_223_372_036_854_775_807
    assert parse_checkpoint(checkpoint_text(NAME, most, ROOT)).size == most


def test_lines_that_we_do_not_know_are_kept() -> None:
    assert parse_checkpoint(f"{HEAD}more\nand more\n").extensions == ("more", "and more")


@pytest.mark.parametrize("wrong", NOT_CHECKPOINTS)
def test_what_is_not_written_as_a_checkpoint_is_refused(wrong: str) -> None:
    with pytest.raises(NoteError, match=r"^[A-Z][^\n]*\.$"):
        parse_checkpoint(NOT_CHECKPOINTS[wrong])


@FEW
@given(st.text() | st.text("a0123456789\n=+/", max_size=80))
def test_any_text_is_a_checkpoint_or_refused(text: str) -> None:
    try:
        body = parse_checkpoint(text)
    except NoteError:
        return
    again = checkpoint_text(body.origin, body.size, body.root)
    assert again + "".join(f"{line}\n" for line in body.extensions) == text


@pytest.mark.parametrize(
    "write",
    [
        lambda: checkpoint_text("", 1, ROOT),
        lambda: checkpoint_text("two\nlines", 1, ROOT),
        lambda: checkpoint_text(f"a\n1\n{ROOT_LINE}\nb", 1, ROOT),
        lambda: checkpoint_text(NAME, -1, ROOT),
        lambda: checkpoint_text(NAME, 1 << 63, ROOT),
        lambda: checkpoint_text(NAME, 1, ROOT[:-1]),
    ],
)
def test_a_head_that_could_not_be_read_again_is_not_written(write: Callable[[], str]) -> None:
    with pytest.raises(NoteError):
        write()
