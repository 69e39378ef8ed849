"""A hundred thousand messages: what a plain scan finds is found, and nothing else; what is one edit
away from a misspelt name nearly all."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest

from benchmarks.search.plain import texts
from benchmarks.search.recall import LEAST_NAMES, alike, slip
from benchmarks.search.scan import Read, read, runs, scan, scan_near, words_of
from messaging.search.counting import count
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Scope
from schoolchat.synthetic.history import generate
from schoolchat.synthetic.plan import Shape
from schoolchat.synthetic.words import PHRASES, names, word_list

MESSAGES = 100_000
SHAPE = Shape(
    messages=MESSAGES,
    people=40,
    channels=12,
    members=20,
    months=14,
    ends=datetime(2026, 11, 22, 12, tzinfo=UTC),
)
DESK = Scope(channels=None, versions=True)


def _words(random: Random) -> Iterator[str]:
    """Words of all degrees of rarity, alone and two by two."""
    known = [word for word in word_list() if word.isascii()]
    ranks = [int(60 * 1.17**step) for step in range(39)]
    for rank in ranks:
        yield known[rank]
    for rank in ranks[:20]:
        yield f"{known[rank]} {random.choice(known[50:400])}"
    yield from (f"{word}zz" for word in random.sample(known, 10))


def _phrases(random: Random) -> Iterator[str]:
    yield from (f'"{phrase}"' for phrase in random.sample(PHRASES, 12))
    # Typed without accents, which then count for nothing, as they do in a plain scan.
    yield from (f'"{" ".join(runs(name))}"' for name in random.sample(names(), 20))
    yield from (
        f'"{one} {other}"' for one, other in (("has", "been"), ("week", "and"), ("no", "time"))
    )


def _prefixes(random: Random) -> Iterator[str]:
    made_up = [word for word in word_list()[2_000:] if len(word) > 6]
    yield from (f"{word[:6]}*" for word in random.sample(made_up, 15))
    yield from (f"{name[:4]}*" for name in ("Zielinski", "Müller", "Siân", "Hussain"))


def _misspelt(random: Random) -> Iterator[str]:
    """Names one edit away from how they are written."""
    long = [last for name in names() if len(last := name.split()[1]) > 4]
    yield from (f"~{slip(name, random)}" for name in random.sample(long, 8))


def _found(query: str) -> set[UUID]:
    page = search(DESK, parse(query), limit=MESSAGES, seconds=60)
    assert page.next is None
    return {hit.message.id for hit in page.hits}


@pytest.mark.django_db
@pytest.mark.database_role("owner")
def test_all_that_a_plain_scan_finds_is_found_and_nothing_else() -> None:
    generate(SHAPE, 3, lambda _done: None)
    random = Random(4)
    every = read((row[0], row[-1]) for row in texts("-infinity", "infinity"))
    assert len(every) == MESSAGES
    asked = [*_words(random), *_phrases(random), *_prefixes(random)]
    hits = [_hits(every, query) for query in asked]
    assert sum(hits) > 10_000
    assert sum(found == 0 for found in hits) >= 10
    _check_names(every, list(_misspelt(random)))


def _hits(every: list[Read[UUID]], query: str) -> int:
    """How many hits a query has, which are those of the plain scan."""
    wanted = scan(every, query)
    assert _found(query) == wanted, query
    counted = count(DESK, parse(query))
    assert counted.number == len(wanted) if counted.exact else counted.number >= len(wanted)
    return len(wanted)


def _check_names(every: list[Read[UUID]], asked: list[str]) -> None:
    """Of what is one edit away nearly all is found, and all that is found answers."""
    rows, words = {text.name: text.row for text in every}, words_of(every)
    wanted_all = both = 0
    for query in asked:
        wanted, found = scan_near(every, words, query), _found(query)
        assert all(alike(query, rows[id_]) for id_ in found), query
        wanted_all += len(wanted)
        both += len(wanted & found)
    assert wanted_all > 1_000
    assert both >= LEAST_NAMES * wanted_all
