"""Telephone numbers in an export become 'Unknown sender 1', 2, … : the record keeps none.

The same number gets the same words throughout a file, whether it is an author, stands in a
notice, or is mentioned in a text, and however it is spaced.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from messaging.imports.whatsapp.parse import Line

_GAP = "[ \u00a0\u202f.\u2010\u2011\u2012\u2013()-]{0,2}"
# With a country's code: `+44 7700 900555`; so many digits are no sum or reference after a `+`.
_INTERNATIONAL = rf"(?<![\w+])\+{_GAP}\d(?:{_GAP}\d){{6,14}}(?!\d)"
# As dialled at home: `07700 900555`. Groups of three or more, so that no date is taken for one.
_NATIONAL = r"(?<![\w+.,/-])\(?0\d{2,4}\)?[ \u00a0-]?\d{3,4}[ \u00a0-]?\d{3,4}(?!\d)"
_MENTION = r"(?<=@)\d{7,15}(?!\d)"
_LINK = r"(?<=wa\.me/)\+?\d{7,15}(?!\d)|(?<=phone=)\+?\d{7,15}(?!\d)"
_NUMBER = re.compile("|".join((_INTERNATIONAL, _NATIONAL, _MENTION, _LINK)))
_WHOLE = re.compile(rf"\+?{_GAP}\d(?:{_GAP}\d){{6,14}}")
_DIGITS = re.compile(r"\D")
# The last nine digits are the same with a country's code and without it.
_SIGNIFICANT = 9


def conceal_numbers(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the messages with every telephone number replaced, numbered as they first appear."""
    known: dict[str, int] = {}
    return tuple(_concealed(line, known) for line in lines)


def _concealed(line: Line, known: dict[str, int]) -> Line:
    author = _author(line.author, known)
    raw_author = _author(line.raw_author, known)
    text = partial(_text, known=known)
    return replace(
        line,
        author=author,
        raw_author=raw_author,
        body=text(line.body),
        raw_body=text(line.raw_body),
        attachment=text(line.attachment) if line.attachment else None,
    )


def _author(name: str | None, known: dict[str, int]) -> str | None:
    """A name that is nothing but a number, or holds one."""
    if name is None:
        return None
    bare = name.removeprefix("~").strip()
    return _pseudonym(bare, known) if _WHOLE.fullmatch(bare) else _text(name, known)


def _text(text: str, known: dict[str, int]) -> str:
    return _NUMBER.sub(lambda match: _pseudonym(match[0], known), text)


def _pseudonym(number: str, known: dict[str, int]) -> str:
    key = _DIGITS.sub("", number)[-_SIGNIFICANT:]
    return f"Unknown sender {known.setdefault(key, len(known) + 1)}"
