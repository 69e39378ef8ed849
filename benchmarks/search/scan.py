"""What a search must find, by reading every text from end to end: a plain scan. Pure.

It shares nothing with the product but the stemmer: a text is its folded runs of letters and
digits, a word is in it when a run has the same stem, a phrase when its runs stand in a row.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

import Stemmer

_RUN: Final = re.compile(r"[a-z0-9]+")
_stemmer: Final = Stemmer.Stemmer("english")


@cache
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word)) if word.isalpha() else word


def runs(text: str) -> list[str]:
    """The folded runs of letters and digits of a text."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _RUN.findall("".join(c for c in plain if not unicodedata.combining(c)))


@dataclass(frozen=True, slots=True)
class Read[Name]:
    """A text that was read: its name, its runs between blanks, and their stems."""

    name: Name
    row: str
    stems: frozenset[str]


def read[Name](texts: Iterable[tuple[Name, str]]) -> list[Read[Name]]:
    """Texts by their names, ready to be scanned as often as one likes."""
    found = []
    for name, text in texts:
        words = runs(text)
        found.append(
            Read(name=name, row=f" {' '.join(words)} ", stems=frozenset(map(_stem, words)))
        )
    return found


def scan[Name](texts: Iterable[Read[Name]], query: str) -> set[Name]:
    """The names of the texts that answer: words (all of them), "a phrase", or pre*."""
    if query.startswith('"'):
        phrase = f" {' '.join(runs(query))} "
        return {text.name for text in texts if phrase in text.row}
    if query.endswith("*"):
        beginning = f" {runs(query)[0]}"
        return {text.name for text in texts if beginning in text.row}
    wanted = {_stem(word) for word in runs(query)}
    return {text.name for text in texts if wanted <= text.stems}


def words_of[Name](texts: Iterable[Read[Name]]) -> set[str]:
    """Every run that stands in one of the texts."""
    return {run for text in texts for run in text.row.split()}


def scan_near[Name](texts: Iterable[Read[Name]], words: Iterable[str], word: str) -> set[Name]:
    """The names of the texts with a run that is `word`, or one edit away from it: a letter more,
    less or other, or two neighbours changed about. `words` are the runs of the texts."""
    (sought,) = runs(word)
    near = [f" {run} " for run in words if one_edit(sought, run)]
    return {text.name for text in texts if any(run in text.row for run in near)}


def one_edit(one: str, other: str) -> bool:
    """Whether at most one edit leads from one word to the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return True
    one, other = one[at:], other[at:]
    swapped = one[:2] == other[:2][::-1] and one[2:] == other[2:]
    return swapped or one[1:] == other[1:] or one == other[1:] or one[1:] == other
