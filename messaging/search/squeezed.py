"""A quick no for phrases, before a text is analysed. Pure.

Of a text nothing but folded letters and digits is kept, without any gap; the words of a phrase that
stands there are then one row of characters in it. Two common words stand together in many texts
and seldom in a row, so that nearly all candidates are refused by this.
"""

import re
from collections.abc import Callable, Sequence
from itertools import product
from typing import Final

from messaging.search.analysis import MAX_WORD, fold
from messaging.search.tree import All, Node, Some, Words

type Quick = Callable[[Sequence[str]], bool]
"""Whether what consists of these parts may answer; never no where it does."""

_MOST_WAYS: Final = 16
_NO_WORD: Final = re.compile(r"\W+")
_GAPS: Final = bytes(code for code in range(128) if not chr(code).isalnum())


def quick_check(tree: Node) -> Quick | None:
    """The check for a query; None where there is nothing to check so quickly."""
    needed = _needed(tree)
    return _checked_by(needed) if needed else None


def _checked_by(needed: list[frozenset[str]]) -> Quick:
    def may(parts: Sequence[str]) -> bool:
        row = "\n".join(map(_squeezed, parts))
        return all(any(way in row for way in ways) for ways in needed)

    return may


def _squeezed(text: str) -> str:
    if text.isascii():
        return text.encode().lower().translate(None, _GAPS).decode()
    # The analysis sees no word in ™ or №, which folding would make letters of.
    return fold(_NO_WORD.sub("", text), most=None)


def _needed(node: Node) -> list[frozenset[str]]:
    """Sets of rows of characters; a text that answers has one of each."""
    match node:
        case Words():
            ways = _ways(node)
            return [ways] if ways else []
        case All(nodes):
            return [ways for each in nodes for ways in _needed(each)]
        case Some(nodes):
            branches = [_needed(each) for each in nodes]
            if all(len(needed) == 1 for needed in branches):
                return [frozenset[str]().union(*(needed[0] for needed in branches))]
            return []
        case _:
            return []


def _ways(words: Words) -> frozenset[str]:
    """The ways to write a phrase without gaps; none where its words may stand in other forms, or
    a date, a form such as Year 6 (also Y6 and Yr 6) or a cut word is among them."""
    if words.alike or not words.exact:
        return frozenset()
    if any(len({"".join(way) for way in unit}) > 1 for unit in words.units):
        return frozenset()
    count = 1
    for unit in words.units:
        count *= len(unit)
    forms = [form for unit in words.units for way in unit for form in way]
    plain = all(form.isalnum() and len(form) < MAX_WORD for form in forms)
    if count > _MOST_WAYS or not plain:
        return frozenset()
    rows = ("".join("".join(way) for way in chosen) for chosen in product(*words.units))
    return frozenset(rows)
