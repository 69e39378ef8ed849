"""The recovery sheet of the master key: the key in a form to be written on paper. Pure.

Four lines of sixteen hexadecimal digits, each with a check word that changes with any digit of
its line: whoever types the words back has the lines in front of them, and whoever types the key
in again after a fire learns which line is wrong.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

LINES: Final = 4
_GROUP: Final = 4
_LINE_BYTES: Final = 8
_CONSONANTS: Final = "bdfghjklmnprstvz"  # sixteen: four bits
_VOWELS: Final = "aiou"  # four: two bits
_PURPOSE: Final = b"schoolchat recovery sheet"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A quarter of the key: its digits in groups, and the word that checks them."""

    digits: str
    word: str


def recovery_sheet(key: bytes) -> list[Line]:
    """The lines of the sheet for a key of 32 bytes."""
    size = len(key) // LINES
    parts = [key[start : start + size] for start in range(0, len(key), size)]
    return [
        Line(digits=_grouped(part.hex()), word=_word(number, part))
        for number, part in enumerate(parts)
    ]


def words_match(key: bytes, typed: str) -> bool:
    """Whether these are the sheet's check words in order, however they are spaced or written."""
    return typed.lower().split() == [line.word for line in recovery_sheet(key)]


def quarter_of(number: int, typed: str) -> bytes | None:
    """The part of the key in line `number`, counted from 0, as it was typed with its word behind
    it; None where something in it is wrong."""
    *digits, word = typed.lower().split() or [""]
    try:
        part = bytes.fromhex("".join(digits))
    except ValueError:
        return None
    return part if len(part) == _LINE_BYTES and _word(number, part) == word else None


def _grouped(digits: str) -> str:
    return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


def _word(number: int, part: bytes) -> str:
    """Three syllables, 18 bits: a wrong line passes once in 262,144 times."""
    digest = hashlib.sha256(_PURPOSE + bytes([number]) + part).digest()
    return "".join(_CONSONANTS[byte >> 4] + _VOWELS[byte & 3] for byte in digest[:3])
