"""What a row of the index must hold to be a candidate, as SQL over `tok` and `pairs`. Pure.

The condition is necessary, never sufficient: it may let through what the plaintext then refuses,
and must not lose a hit. Only numbers get into the SQL.
"""

from collections.abc import Callable, Iterable
from itertools import pairwise, product
from typing import Final, NamedTuple
from uuid import UUID

from messaging.search.analysis import FUNCTION_WORDS, stem, stems
from messaging.search.indexed import Pair
from messaging.search.pairs import bytes_asked
from messaging.search.tokens import Keys, tokens_asked
from messaging.search.tree import All, How, Node, Pattern, Some, Without, Words
from messaging.search.welsh import kin

MAX_EXPANDED: Final = 500
"""Stems that a pattern may stand for; beyond it nearly every text has one, and the newest texts
are read instead."""


class Where(NamedTuple):
    """A condition in SQL, and whether the tokens' GIN index can tell the rows by it."""

    sql: str
    indexed: bool


EVERYTHING: Final = Where("", indexed=False)

_MOST_WAYS: Final = 16
"""Ways to write a phrase; of one with more only the words are looked up."""

type Expand = Callable[[Pattern], list[str] | None]
"""The words of a month that resemble a pattern; None when that is not known, or too many."""


def patterns(node: Node) -> set[Pattern]:
    """What the vocabularies are asked for a tree."""
    match node:
        case Words():
            return {
                Pattern(form=form, how=how)
                for number, unit in enumerate(node.units)
                for forms in unit
                for place, form in enumerate(forms)
                if (how := node.how(number, place, forms)) not in {How.EXACT, How.STEM}
            }
        case Without():
            return set()
        case All(nodes) | Some(nodes):
            return {pattern for each in nodes for pattern in patterns(each)}


def condition(node: Node, keys: Keys, expand: Expand, *, pairs: bool = True) -> Where:
    """The condition under one month's keys; EVERYTHING where the index cannot tell. A month that
    was indexed by an older analyser has no `pairs`."""
    match node:
        case Words():
            words = _words(node, keys.tokens, expand)
            return _and([words, _in_a_row(node, keys)]) if pairs else words
        case Without():
            # A text may hold the word in another form, or another word with the same token.
            return EVERYTHING
        case All(nodes):
            return _and(condition(each, keys, expand, pairs=pairs) for each in nodes)
        case Some(nodes):
            return _or([condition(each, keys, expand, pairs=pairs) for each in nodes])


def _words(words: Words, key: bytes, expand: Expand) -> Where:
    return _and(
        _or([_forms(words, number, forms, key, expand) for forms in unit])
        for number, unit in enumerate(words.units)
    )


def _forms(words: Words, unit: int, forms: tuple[str, ...], key: bytes, expand: Expand) -> Where:
    needed: set[str] = set()
    conditions: list[Where] = []
    for place, form in enumerate(forms):
        how = words.how(unit, place, forms)
        if how not in {How.EXACT, How.STEM}:
            conditions.append(_pattern(Pattern(form=form, how=how), key, expand))
        elif how is How.STEM and (others := kin(form)):
            conditions.append(_one_of(tokens_asked(key, stems({form, *others}))))
        elif form not in FUNCTION_WORDS:
            needed.add(stem(form))
    if needed:
        conditions.append(_all_of(tokens_asked(key, needed)))
    return _and(conditions)


def _pattern(pattern: Pattern, key: bytes, expand: Expand) -> Where:
    if pattern.how is How.START and pattern.form in FUNCTION_WORDS:
        return EVERYTHING
    words = expand(pattern)
    if words is None:
        return EVERYTHING
    # A month without such a word is probed all the same, with a token that it does not hold:
    # how long a search takes must not tell a member what others' channels do not say.
    found = {stem(word) for word in words} or {pattern.form}
    if len(found) > MAX_EXPANDED:
        return EVERYTHING
    return _one_of(tokens_asked(key, found))


def narrowed(where: Where, keys: Keys, channel: UUID | None, author: UUID | None) -> Where:
    """The condition, of a channel or an author alone. Only where tokens are looked up anyway: a
    channel by itself is read by time."""
    places = [id_ for id_ in (channel, author) if id_ is not None]
    if not where.indexed or not places:
        return where
    return _and([where, _all_of(tokens_asked(keys.tokens, [place.int for place in places]))])


def pairs_asked(words: Words) -> list[set[Pair]]:
    """The pairs that a text must hold in which a phrase stands: those of one of its ways to be
    written. None at all where there may be a way without any."""
    count = 1
    for unit in words.units:
        count *= len(unit)
    if count > _MOST_WAYS:
        return []
    ways = [_pairs(words, chosen) for chosen in product(*words.units)]
    return ways if all(ways) else []


def _in_a_row(words: Words, keys: Keys) -> Where:
    """That the words of a phrase stand next to each other, as far as pairs tell."""
    ways = [bytes_asked(keys, pairs) for pairs in pairs_asked(words)]
    if not ways:
        return EVERYTHING
    return _or([*dict.fromkeys(_and(map(_holds, way)) for way in ways)])


def _pairs(words: Words, chosen: tuple[tuple[str, ...], ...]) -> set[Pair]:
    """The pairs of a phrase as it is written in this way, where both words are known."""
    known = [
        stem(form) if _is_known(form, words.how(unit, place, forms)) else None
        for unit, forms in enumerate(chosen)
        for place, form in enumerate(forms)
    ]
    return {(one, other) for one, other in pairwise(known) if one is not None and other is not None}


def _is_known(form: str, how: How) -> bool:
    """Whether every word of a text that will do has the stem of this one."""
    return how is How.EXACT or (how is How.STEM and not kin(form))


def _holds(pair: int) -> Where:
    return Where(f"position('\\x{pair:02x}'::bytea in pairs) > 0", indexed=False)


def _all_of(numbers: list[int]) -> Where:
    return Where(f"tok @> {_array(numbers)}", indexed=True)


def _one_of(numbers: list[int]) -> Where:
    return Where(f"tok && {_array(numbers)}", indexed=True)


def _and(conditions: Iterable[Where]) -> Where:
    some = [each for each in conditions if each != EVERYTHING]
    if len(some) < 2:
        return some[0] if some else EVERYTHING
    return Where(" AND ".join(f"({sql})" for sql, _ in some), any(each.indexed for each in some))


def _or(conditions: list[Where]) -> Where:
    if EVERYTHING in conditions:
        return EVERYTHING
    if len(conditions) == 1:
        return conditions[0]
    sql = " OR ".join(f"({sql})" for sql, _ in conditions)
    return Where(sql, all(each.indexed for each in conditions))


def _array(numbers: list[int]) -> str:
    return f"'{{{','.join(map(str, numbers))}}}'::integer[]"
