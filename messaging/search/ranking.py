"""How well a text answers a query, so that the best can be shown first. Pure.

What counts, each only where all before it are equal: how exactly the words stand there, whether
they stand together, whether they stand in the message or only in its files, and how new it is.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from functools import partial
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from messaging.search.matching import Span, spans_of
from messaging.search.tree import All, Node, Some, Without, Words

MOST_CHARS: Final = 20_000
"""Of each part, what is looked at: past it words count as found in the loosest way."""
_NEAR_CHARS: Final = 40
"""Between words that stand near each other, at most."""
_MOST_PLACES: Final = 8
"""Places of one word that are tried for the nearest together."""


class Form(IntEnum):
    """How a word stands in a text; the lower the better."""

    EXACT = 0
    STEM = 1
    PART = 2
    ALIKE = 3


class Together(IntEnum):
    """How the words stand to each other."""

    IN_A_ROW = 0
    NEAR = 1
    IN_ONE_PART = 2
    APART = 3


class Field(IntEnum):
    """Where the words stand."""

    MESSAGE = 0
    FILE_NAME = 1
    FILE_TEXT = 2


class Rank(NamedTuple):
    """The lower the better. `form` is the sum over the words that must be there."""

    form: int
    together: Together
    field: Field


type Part = tuple[Field, str]


class _Occurrence(NamedTuple):
    """The number of a part, and characters from and to of all parts in a row."""

    part: int
    first: int
    last: int


class _Found(NamedTuple):
    """A word of the query in a text: how it stands there, and where."""

    form: Form
    places: list[_Occurrence]


def rank(tree: Node, parts: Sequence[Part]) -> Rank:
    """How well a text that consists of `parts` answers; that it answers is taken for granted."""
    look = _look_in([text[:MOST_CHARS] for _, text in parts])
    found = _wanted(tree, look)
    places = [one.places for one in found if one.places]
    if not places:
        return Rank(sum(one.form for one in found), Together.IN_A_ROW, parts[-1][0])
    together, field = min(_way(way, parts) for way in _ways(places))
    return Rank(sum(one.form for one in found), together, field)


def has_words(tree: Node) -> bool:
    """Whether there is anything to rank by."""
    match tree:
        case Words():
            return True
        case Without():
            return False
        case All(nodes) | Some(nodes):
            return any(has_words(each) for each in nodes)


def _wanted(node: Node, look: Callable[[Words], _Found]) -> list[_Found]:
    """Each of the words that must be there; of either this or that the better."""
    match node:
        case Words():
            return [look(node)]
        case Without():
            return []
        case All(nodes):
            return [found for each in nodes for found in _wanted(each, look)]
        case Some(nodes):
            return min((_wanted(each, look) for each in nodes), key=_looseness, default=[])


def _looseness(found: Sequence[_Found]) -> tuple[bool, int]:
    return any(not one.places for one in found), sum(one.form for one in found)


def _look_in(texts: Sequence[str]) -> Callable[[Words], _Found]:
    find = spans_of(texts)

    def look(words: Words) -> _Found:
        for form, stricter in _ways_to_stand(words):
            if spans := find(stricter):
                return _Found(form, list(_in_parts(spans[:_MOST_PLACES], texts)))
        return _Found(Form.ALIKE, [])

    return look


def _ways_to_stand(words: Words) -> Iterator[tuple[Form, Words]]:
    """The words as they might be meant, the strictest first; never looser than they are."""
    closed = replace(words, suffix=False, prefix=False, alike=False)
    yield Form.EXACT, replace(closed, exact=True)
    if not words.exact:
        yield Form.STEM, closed
    yield Form.PART, replace(words, alike=False)
    yield Form.ALIKE, words


def _in_parts(spans: Iterable[Span], texts: Sequence[str]) -> Iterator[_Occurrence]:
    ends = list(accumulate(map(len, texts)))
    for first, last in spans:
        yield _Occurrence(bisect_right(ends, first), first, last)


def _ways(places: Sequence[list[_Occurrence]]) -> Iterator[list[_Occurrence]]:
    """Ways to take one place of each word: each of the first word's, with the nearest after it."""
    for place in places[0]:
        way = [place]
        for some in places[1:]:
            way.append(min(some, key=partial(_gap, way[-1])))
        yield way


def _gap(before: _Occurrence, after: _Occurrence) -> tuple[bool, int]:
    characters = after.first - before.last
    return before.part != after.part, characters if characters >= 0 else 1 - characters


def _way(way: Sequence[_Occurrence], parts: Sequence[Part]) -> tuple[Together, Field]:
    field = max(parts[place.part][0] for place in way)
    if len({place.part for place in way}) > 1:
        return Together.APART, field
    if all(after.first - before.last in {0, 1} for before, after in pairwise(way)):
        return Together.IN_A_ROW, field
    length = sum(place.last - place.first for place in way)
    reach = max(place.last for place in way) - min(place.first for place in way)
    near = reach - length <= _NEAR_CHARS * (len(way) - 1)
    return (Together.NEAR if near else Together.IN_ONE_PART), field
