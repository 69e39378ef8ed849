"""A root in words, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.words import WORDS, WordsUnreadable, root_of, words_of

ROOTS = st.binary(min_size=32, max_size=32)


@given(ROOTS)
def test_words_say_the_root(root: bytes) -> None:
    words = words_of(root)
    assert len(words) == WORDS
    assert root_of(" ".join(words)) == root


@given(ROOTS)
def test_four_letters_of_each_word_are_enough(root: bytes) -> None:
    assert root_of(" ".join(word[:4] for word in words_of(root))) == root


@pytest.mark.parametrize(
    ("root", "first", "last"),
    [
        (bytes(32), "abandon", "art"),
        (b"\x7f" * 32, "legal", "title"),
        (b"\x80" * 32, "letter", "bless"),
        (b"\xff" * 32, "zoo", "vote"),
    ],
)
def test_they_are_the_words_of_the_standard(root: bytes, first: str, last: str) -> None:
    """Vectors of BIP-39."""
    words = words_of(root)
    assert (words[0], words[-1]) == (first, last)


def test_they_are_read_as_they_stand_on_the_sheet() -> None:
    root = bytes(range(32))
    lines = [f"{number}. {word.upper()}," for number, word in enumerate(words_of(root), 1)]
    assert root_of("\n".join(lines)) == root


def test_a_word_too_few_or_too_many_is_noticed() -> None:
    words = words_of(bytes(range(32)))
    for wrong in (words[:-1], [*words, "abandon"], []):
        with pytest.raises(WordsUnreadable):
            root_of(" ".join(wrong))


def test_a_wrong_word_is_noticed() -> None:
    words = words_of(bytes(range(32)))
    for wrong in ("abandoned", "head-teacher", "ability"):
        with pytest.raises(WordsUnreadable, match="24 words"):
            root_of(" ".join([wrong, *words[1:]]))


def test_two_words_exchanged_are_noticed() -> None:
    words = words_of(bytes(range(32)))
    words[3], words[4] = words[4], words[3]
    with pytest.raises(WordsUnreadable):
        root_of(" ".join(words))
