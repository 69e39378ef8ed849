#!/usr/bin/env python
"""Writes messaging/search/welsh/forms.txt.xz anew from the list of Welsh forms in simplemma.

    pip install simplemma==2.0.0 && PYTHONPATH=. python docs/vendor_welsh.py

A line is a word in all its forms: mutated (gwers, wers, ngwers), plural and conjugated,
folded as the search folds. Forms before the bar are looked up; those after it are English words
as well (plant, man, than), so that they are found for another form but stand for none.
"""

import lzma
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from messaging.search.analysis import FUNCTION_WORDS, fold

TO: Final = Path(__file__).resolve().parent.parent / "messaging/search/welsh/forms.txt.xz"
LEAST: Final = 3
"""Letters of a form; shorter ones are English initials too often."""
MOST: Final = 60
"""Forms of a word; the lists of some verbs run to hundreds, which nobody writes to colleagues."""


def families() -> Iterator[tuple[list[str], list[str]]]:
    """The forms of each word: Welsh only, and English too."""
    dictionaries = DefaultDictionaryFactory()
    english = {fold(word) for word in dictionaries.get_dictionary("en")}
    families: defaultdict[str, set[str]] = defaultdict(set)
    for form, lemma in dictionaries.get_dictionary("cy").items():
        if form.isalpha() and lemma.isalpha() and not form[0].isupper():
            families[lemma] |= {fold(form), fold(lemma)}
    for lemma in sorted(families):
        forms = {form for form in families[lemma] if len(form) >= LEAST} - FUNCTION_WORDS
        if 1 < len(forms) <= MOST and forms - english:
            yield sorted(forms - english), sorted(forms & english)


def vendor() -> None:
    """Write the file."""
    lines = sorted({f" {' '.join(own)} | {' '.join(both)} \n" for own, both in families()})
    text = "".join(lines)
    TO.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    sys.stdout.write(f"{len(lines):,} words, {TO.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    vendor()
