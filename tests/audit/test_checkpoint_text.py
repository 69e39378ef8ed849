"""The text of a checkpoint, as it is written and read again, and whatever else a text may be."""

import base64
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tree.notes import CheckpointBody, NoteError, checkpoint_text, parse_checkpoint
from tests.audit.signed_notes import FEW, HEAD, LINES, NAME, ROOT, ROOT_LINE

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
