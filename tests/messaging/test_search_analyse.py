"""Words, tokens and vocabularies are what they were when each was worked out anew."""

from collections.abc import Iterator
from hashlib import blake2b

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messaging.search import analysis, tokens, vocabulary
from messaging.search.analysis import FUNCTION_WORDS, analyse, forms, stem, stems
from messaging.search.domains import forget_keys

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
    assert forms(text) == {piece.form for piece in analyse(text)} - FUNCTION_WORDS
    assert stems(forms(text)) == {stem(form) for form in forms(text)}


def test_what_is_long_between_two_blanks_is_not_kept() -> None:
    before = analysis._known_forms.cache_info().currsize
    long = "/".join(f"word{n}" for n in range(2_000))
    assert len(forms(f"see {long}")) == 2_001
    assert analysis._known_forms.cache_info().currsize == before


def anew(key: bytes, words: list[str]) -> list[int]:
    """Tokens as they are defined."""
    hashes = (blake2b(word.encode(), key=key, digest_size=4).digest() for word in words)
    return sorted({int.from_bytes(found, "little", signed=True) for found in hashes})


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=3), st.data())
def test_tokens_are_those_of_their_key_however_often_they_are_asked_for(
    keys: list[bytes], data: st.DataObject
) -> None:
    for words in data.draw(st.lists(st.lists(st.sampled_from("abcdé"), max_size=5), max_size=5)):
        for key in keys:
            assert tokens.tokens(key, words) == anew(key, words)


def test_tokens_are_those_of_the_first_release() -> None:
    assert tokens.tokens(b"k" * 32, ["trip", "zoo", "maths", "noel"]) == [
        -1_794_894_550,
        153_795_553,
        1_184_988_613,
        1_441_924_832,
    ]


def test_no_more_words_and_keys_are_kept_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_WORDS_KEPT", 10)
    words = [f"word{n}" for n in range(25)]
    for key in (bytes([n]) * 32 for n in range(40)):
        assert tokens.tokens(key, words) == anew(key, words)
        assert 0 < len(tokens._under(key)) <= 10
    assert tokens._under.cache_info().currsize == tokens._KEYS_KEPT


def test_tokens_go_with_the_keys() -> None:
    tokens.tokens(b"k" * 32, ["trip"])
    assert tokens._under.cache_info().currsize
    forget_keys()
    assert not tokens._under.cache_info().currsize


@pytest.mark.parametrize("words", [0, 1, 300, 400, 5_000])
def test_a_vocabulary_of_any_size_opens_again(words: int) -> None:
    counts = {f"word{n}": n + 1 for n in range(words)}
    assert vocabulary.unpack(vocabulary.pack(counts)).all() == counts
