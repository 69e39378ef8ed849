"""What a row of tokens must hold to be a candidate, as SQL over `tok`. Pure.

The condition is necessary, never sufficient: it may let through what the plaintext then refuses,
and must not lose a hit. Only numbers get into the SQL.
"""

from collections.abc import Callable, Iterable
from typing import Final

from messaging.search.analysis import FUNCTION_WORDS, stem, stems
from messaging.search.tokens import tokens
from messaging.search.tree import All, How, Node, Pattern, Some, Without, Words
from messaging.search.welsh import kin

MAX_EXPANDED: Final = 500
"""Stems that a pattern may stand for; beyond it nearly every text has one, and the newest texts
are read instead."""

EVERYTHING: Final = ""

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


def condition(node: Node, key: bytes, expand: Expand) -> str:
    """The condition under one month's token key; EVERYTHING where the index cannot tell."""
    match node:
        case Words():
            return _words(node, key, expand)
        case Without():
            # A text may hold the word in another form, or another word with the same token.
            return EVERYTHING
        case All(nodes):
            return _and(condition(each, key, expand) for each in nodes)
        case Some(nodes):
            return _or([condition(each, key, expand) for each in nodes])


def _words(words: Words, key: bytes, expand: Expand) -> str:
    return _and(
        _or([_forms(words, number, forms, key, expand) for forms in unit])
        for number, unit in enumerate(words.units)
    )


def _forms(words: Words, unit: int, forms: tuple[str, ...], key: bytes, expand: Expand) -> str:
    needed: set[str] = set()
    conditions: list[str] = []
    for place, form in enumerate(forms):
        how = words.how(unit, place, forms)
        if how not in {How.EXACT, How.STEM}:
            conditions.append(_pattern(Pattern(form=form, how=how), key, expand))
        elif how is How.STEM and (others := kin(form)):
            conditions.append(f"tok && {_array(tokens(key, stems({form, *others})))}")
        elif form not in FUNCTION_WORDS:
            needed.add(stem(form))
    whole = f"tok @> {_array(tokens(key, needed))}" if needed else EVERYTHING
    return _and([whole, *conditions])


def _pattern(pattern: Pattern, key: bytes, expand: Expand) -> str:
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
    return f"tok && {_array(tokens(key, found))}"


def _and(conditions: Iterable[str]) -> str:
    some = [each for each in conditions if each != EVERYTHING]
    return some[0] if len(some) == 1 else " AND ".join(f"({each})" for each in some)


def _or(conditions: list[str]) -> str:
    if EVERYTHING in conditions:
        return EVERYTHING
    return conditions[0] if len(conditions) == 1 else " OR ".join(f"({c})" for c in conditions)


def _array(numbers: list[int]) -> str:
    return f"'{{{','.join(map(str, numbers))}}}'::integer[]"
