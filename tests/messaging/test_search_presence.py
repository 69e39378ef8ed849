"""What a month's vocabulary says about a query before its tokens are asked."""

from functools import partial

import pytest

from messaging.search.analysis import stem
from messaging.search.indexed import Indexed
from messaging.search.presence import may_hold
from messaging.search.query import parse
from messaging.search.vocabulary import Words, pack, unpack
from messaging.search.words import expanded

SAID = """
The happy children are planning trips to the zoo, dying to see skies and O'Brien's ponies
on 12/05/2026; running, flies, studies, possibilities, generously, tŷ, 5B, J.K., well-being
"""
ENDINGS = """
s es ies ied ed edly eedly ing ingly y ly li ational tion enci ency ancy ably ently izer ization
ator alism ality ally fulness ously ousness iveness ivity bility bly ogi fully lessly ative alize
icate icity ical ness ance ible ement ment ism ous ive ize e
"""
STARTS = """
happ stud rel oper electr trouble hop fall wond conform general human vile digit rate pred form
sens triv analog use care just activ possib rep depend
"""


def may(query: str, *texts: str) -> bool:
    rows = [row_of(text) for text in texts]
    return may_hold(parse(query).tree, rows, partial(expanded, rows))


def row_of(text: str) -> Words:
    return unpack(pack(dict.fromkeys(Indexed.of(text).words, 1)))


@pytest.mark.parametrize(
    "query",
    [
        *("happy", "happiness", "trip", "tripping", "plan", "planned", "zoo", "die", "sky", "fly"),
        *("study", "studied", "possibility", "possible", "generous", "pony", "obrien", "O'Brien"),
        *("12/05/2026", "2026-05-12", "ty", "5b", "jk", "wellbeing", "the", "pla*", "t*", "w*"),
        *(
            '"planning trips"',
            '"the zoo"',
            "zoo -trip",
            "nothing OR zoo",
            "~trpis",
            "*lann*",
            "*ldren",
            '"to the zoo" trip',
        ),
    ],
)
def test_what_stands_there_is_never_denied(query: str) -> None:
    assert may(query, "something else", SAID)


@pytest.mark.parametrize(
    "query",
    [
        *(
            "swimming",
            "zzyzzyx",
            "quux*",
            "~swimming",
            "*quux*",
            "*qux",
            "zoo swimming",
            '"planned trips"',
            '"swimming the zoo"',
        ),
        *("13/05/2026", "swimming OR football", "(zoo swimming) OR football", "swimming -zoo"),
    ],
)
def test_what_does_not_stand_there_is_known(query: str) -> None:
    assert not may(query, SAID)


def test_words_begin_with_their_stems_but_for_the_last_letter() -> None:
    """What `may_hold` rests on, over the endings that the stemmer knows."""
    endings = ENDINGS.split()
    for start in STARTS.split():
        for one in endings:
            for word in (start + one, *(start + one + other for other in endings)):
                found = stem(word)
                assert len(found) < 4 or word.startswith(found[:-1])
