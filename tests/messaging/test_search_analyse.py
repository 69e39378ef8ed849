"""Words, tokens and vocabularies are what they were when each was worked out anew."""

from collections.abc import Iterator
from hashlib import blake2b
from itertools import pairwise, product
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messaging.search import indexed, tokens, vocabulary
from messaging.search.analysis import FUNCTION_WORDS, analyse, stem, stems
from messaging.search.domains import forget_keys
from messaging.search.indexed import Indexed
from messaging.search.pairs import bytes_asked, keyed

BLANKS = [chr(code) for code in range(0x110000) if chr(code).isspace()]
#: What chunks are made of, what joins them, and what ends them.
PIECES = (
    *["O", "Brien", "the", "Noël", "cafe\u0301", "Year", "x", "J.K", "A.B.", "school", "ﬁ", "ß"],
    *["1", "12", "250", "2026", "05", "1,250", "12/05/2026", "2026-05-12", "1/2/26", "٣", "²"],
    *["'", "’", "-", "‐", ".", ",", "/", "@", "_", ":", "(", ")", "👍", "日", "本", "カ", "\u200b"],
    *["\u0301", "\u00ad", "\ufeff", "j.smith@stmary.sch.uk", "https://www.gov.uk/a", "x" * 63],
    *BLANKS,
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=20)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    yield
    forget_keys()


@given(TEXTS)
@example("")
@example("a-" * 40 + " trip")
@example("12/05\u20282026 1,\x1f250 J.\u3000K.")
def test_words_of_a_text_are_the_words_of_its_pieces(text: str) -> None:
    pieces, found = analyse(text), Indexed.of(text)
    assert found.words == {piece.form for piece in pieces} - FUNCTION_WORDS
    assert stems(found.words) == {stem(form) for form in found.words}
    assert set(found.pairs) | set(pairwise(found.row)) == {
        (stem(one.form), stem(other.form))
        for one, other in product(pieces, pieces)
        if one.after == other.first
    }


def test_what_is_long_between_two_blanks_is_not_kept() -> None:
    before = indexed._known.cache_info().currsize
    long = "/".join(f"word{n}" for n in range(2_000))
    assert len(Indexed.of(f"see {long}").words) == 2_001
    assert indexed._known.cache_info().currsize == before


def anew(key: bytes, words: list[str]) -> list[int]:
    """Tokens as they are defined."""
    hashes = (blake2b(word.encode(), key=key, digest_size=4).digest() for word in words)
    return sorted({int.from_bytes(found, "little", signed=True) for found in hashes})


def kept(key: bytes, words: list[str]) -> list[int]:
    """Tokens as whoever writes gets them."""
    known = tokens.known_tokens(key)
    return sorted({known[word] for word in words})


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=3), st.data())
def test_tokens_are_those_of_their_key_however_often_they_are_asked_for(
    keys: list[bytes], data: st.DataObject
) -> None:
    for words in data.draw(st.lists(st.lists(st.sampled_from("abcdé"), max_size=5), max_size=5)):
        for key in keys:
            assert kept(key, words) == tokens.tokens_asked(key, words) == anew(key, words)


def test_tokens_are_those_of_the_first_release() -> None:
    assert kept(b"k" * 32, ["trip", "zoo", "maths", "noel"]) == [
        -1_794_894_550,
        153_795_553,
        1_184_988_613,
        1_441_924_832,
    ]


def test_no_more_words_and_keys_are_kept_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_WORDS_KEPT", 10)
    words = [f"word{n}" for n in range(25)]
    for key in (bytes([n]) * 32 for n in range(40)):
        assert kept(key, words) == anew(key, words)
        assert 0 < len(tokens.known_tokens(key)) <= 10
    assert tokens.known_tokens.cache_info().currsize == tokens._KEYS_KEPT


def test_tokens_go_with_the_keys() -> None:
    kept(b"k" * 32, ["trip"])
    assert tokens.known_tokens.cache_info().currsize
    forget_keys()
    assert not tokens.known_tokens.cache_info().currsize


@given(TEXTS)
def test_a_row_has_the_tokens_of_its_words_and_of_where_it_stands(text: str) -> None:
    keys, place = tokens.derive(b"k" * 32), UUID(int=7)
    found = Indexed.of(text)
    numbers, pairs = keyed(keys, [found], (place, None))
    assert numbers == tokens.tokens_asked(keys.tokens, [*stems(found.words), place.int])
    every = set(found.pairs) | set(pairwise(found.row))
    assert pairs == bytes_asked(keys, every)
    # As it was defined, by which the rows of years are found.
    assert keyed(keys, [Indexed.of("the trip to the zoo")])[1].hex() == "5d75a0dc"


@pytest.mark.parametrize("words", [0, 1, 300, 400, 5_000])
def test_a_vocabulary_of_any_size_opens_again(words: int) -> None:
    counts = {f"word{n}": n + 1 for n in range(words)}
    assert vocabulary.unpack(vocabulary.pack(counts)).all() == counts
