"""What a row of tokens must hold to be a candidate, as SQL over `tok`. Pure.

The condition is necessary, never sufficient: it may let through what the plaintext then refuses,
and must not lose a hit. Only numbers get into the SQL.
"""

from collections.abc import Callable, Iterable
from typing import Final

from messaging.search.analysis import FUNCTION_WORDS, stem
from messaging.search.query import All, Node, Some, Unit, Without, Words
from messaging.search.tokens import tokens

MAX_EXPANDED: Final = 500
"""Stems that a prefix may stand for; beyond it nearly every text has one, and the newest texts
are read instead."""

EVERYTHING: Final = ""

type Expand = Callable[[str], list[str] | None]
"""The words of a month that begin with a prefix; None when that is not known."""


def prefixes(node: Node) -> set[str]:
    """The prefixes in a tree."""
    match node:
        case Words(units=units, prefix=True):
            return {forms[-1] for forms in units[-1]}
        case Words():
            return set()
        case Without():
            return set()
        case All(nodes) | Some(nodes):
            return {prefix for each in nodes for prefix in prefixes(each)}


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
    last = len(words.units) - 1
    return _and(
        _unit(unit, key, expand if words.prefix and number == last else None)
        for number, unit in enumerate(words.units)
    )


def _unit(unit: Unit, key: bytes, expand: Expand | None) -> str:
    return _or([_forms(forms, key, expand) for forms in unit])


def _forms(forms: tuple[str, ...], key: bytes, expand: Expand | None) -> str:
    whole = forms if expand is None else forms[:-1]
    needed = {stem(form) for form in whole if form not in FUNCTION_WORDS}
    return _and(
        [
            f"tok @> {_array(tokens(key, needed))}" if needed else EVERYTHING,
            EVERYTHING if expand is None else _prefix(forms[-1], key, expand),
        ]
    )


def _prefix(prefix: str, key: bytes, expand: Expand) -> str:
    if any(word.startswith(prefix) for word in FUNCTION_WORDS):
        return EVERYTHING
    words = expand(prefix)
    if words is None:
        return EVERYTHING
    # A month without such a word is probed all the same, with a token that it does not hold:
    # how long a search takes must not tell a member what others' channels do not say.
    found = {stem(word) for word in words} or {prefix}
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
