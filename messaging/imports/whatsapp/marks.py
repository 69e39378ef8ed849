"""Invisible characters that WhatsApp writes around its own words.

A left-to-right mark before a phrase is the best sign that WhatsApp wrote it and no person did;
it is looked for before the marks are taken out of the text that is stored.
"""

import re

LRM = "\u200e"
MARK = "[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
SPACE = "[ \u00a0\u202f]"

_MARKS = re.compile(MARK)
_ODD_SPACES = re.compile("[\u00a0\u202f]")


def without_marks(text: str) -> str:
    """Return the text as it is stored: no direction marks, ordinary spaces.

    The joiner U+200D and the selector U+FE0F stay: emoji are made of them.
    """
    return _ODD_SPACES.sub(" ", _MARKS.sub("", text))
