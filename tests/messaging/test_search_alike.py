"""Words that may be misspelt are found among those of many months, all of them and no others."""

from random import Random
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.search import vocabulary
from messaging.search.analysis import FUNCTION_WORDS
from messaging.search.lexicon import Lexicons
from messaging.search.likeness import is_alike
from messaging.search.tree import How, Pattern
from messaging.search.vocabulary import Words

NAMES = {
    *("kathryn", "catherine", "katherine", "stephen", "steven", "mohammed", "muhammad", "philip"),
    *("phillip", "geoffrey", "jeffrey", "aidan", "aiden", "owain", "owen", "knight", "night"),
    *("wright", "right", "smith", "smyth", "hughes", "sian", "shan", "the", "an", "ann", "anne"),
    *("nan", "to", "tea", "two", "phone", "fone", "xavier", "savior", "2026", "206", "5b", "siân"),
}


def month(words: list[str]) -> Words:
    """The vocabulary of a month in which each word stands once."""
    return vocabulary.unpack(vocabulary.pack(dict.fromkeys(words, 1)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kathryn", "catherine"),
        ("steven", "stephen"),
        ("mohammed", "muhammad"),
        ("knight", "night"),
        ("wright", "right"),
        ("filip", "phillip"),
        ("jeffrey", "geoffrey"),
        ("smith", "smiht"),
        ("wilson", "ilson"),
        ("ilson", "wilson"),
        ("bean", "dean"),
        ("5bx", "5b"),
    ],
)
def test_names_misspelt_are_alike(one: str, other: str) -> None:
    assert is_alike(one, other)
    assert other in Lexicons().alike([month([*NAMES, other])], one)


@pytest.mark.parametrize(("one", "other"), [("smith", "south"), ("tea", "to"), ("bta", "wbt")])
def test_other_words_are_not(one: str, other: str) -> None:
    assert not is_alike(one, other)
    found = Lexicons().alike([month([*NAMES, other])], one)
    assert other not in found


def test_what_is_alike_is_found_in_every_month_and_no_other() -> None:
    random = Random(5)
    words = [
        *NAMES,
        *("".join(random.choices("aehnst", k=random.randint(1, 5))) for _ in range(600)),
        *("".join(random.choices(ascii_lowercase, k=4)) for _ in range(200)),
    ]
    months = [month(random.sample(words, 300)) for _ in range(4)]
    lexicons = Lexicons()
    for form in words:
        if len(form) < 3:
            continue
        for one in months:
            found = vocabulary.present([one], lexicons.alike([one], form))
            assert sorted(found) == sorted(w for w in one.words() if is_alike(form, w)), form


def test_words_that_are_everywhere_are_never_meant() -> None:
    assert not any(is_alike(word, word) for word in FUNCTION_WORDS)
    assert not Lexicons().alike([month(["the", "tie"])], "the") & FUNCTION_WORDS


@given(st.lists(st.text("abé\u4eac", min_size=1, max_size=4), max_size=12), st.data())
def test_a_row_is_searched_as_a_list_would_be(words: list[str], data: st.DataObject) -> None:
    one = month(words)
    known = set(words)
    form = data.draw(st.text("abé\u4eac", min_size=1, max_size=3))
    for how, fits in (
        (How.START, str.startswith),
        (How.END, str.endswith),
        (How.PART, str.__contains__),
    ):
        found = vocabulary.expanded([one], Pattern(form=form, how=how))
        assert sorted(found or []) == sorted(word for word in known if fits(word, form))
    assert one.has(form.encode()) == (form in known)
    assert one.count(form.encode()) == (form in known)
