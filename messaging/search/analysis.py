"""From text to words: one analysis for messages and for queries. Pure.

A text is a row of *parts* at positions 0, 1, 2, …: the longest runs of letters and digits. Parts
that belong together get a further *piece* that spans them: O'Brien is also `obrien`, well-being
`wellbeing`, 1,250 `1250`, J.K. `jk`, and 12/05/2026 and 2026-05-12 are both `2026-05-12`. E-mail
addresses, URLs and dotted names need no piece of their own: as a query each is its parts in a
row, which finds the whole as well as any end of it.

Folding (NFKD, case, marks) happens part by part, so that every piece knows where it stands in
the text as written.
"""

import re
import sys
import threading
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import Stemmer

# Not indexed, since nearly every message holds one of them, and none is a name, a month, a
# subject or an abbreviation used in schools (so 'a', 'it', 'may', 'us' and 'is' are indexed).
# They are found all the same: what the index does not know is checked on the plaintext.
FUNCTION_WORDS: Final = frozenset({"the", "and", "of", "to", "for", "that", "with"})

MAX_WORD: Final = 64
"""Characters of a word that count; what is longer is compared by its beginning."""

_KEPT: Final = 1 << 17
"""Results of folding and stemming kept a process: the words of some years of a school."""

_LONGEST: Final = 64
"""Characters of what is kept whole, between two blanks; addresses and the like are longer."""


def _ranges(characters: list[int]) -> str:
    """The characters as ranges of a regular expression's class."""
    spans: list[list[int]] = []
    for code in characters:
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans)


# Marks and invisible characters continue a word and are dropped from it.
_MARKS: Final = (
    _ranges(
        [c for c in range(0x300, 0x20000) if unicodedata.category(chr(c)) in {"Mn", "Mc", "Me"}]
    )
    + "\u00ad\u200b-\u200d\u2060\ufeff"
)
# Written without spaces: each character is a word, and a word of several is a phrase.
_SINGLE: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN: Final = rf"[^\W_{_SINGLE}]+(?:[{_MARKS}]+[^\W_{_SINGLE}]*)*"
_JOINER: Final = "['\u2019\u2018\u02bc\uff07\\-\u2010\u2011\ufe63\uff0d]"

_WORD: Final = re.compile(rf"[{_SINGLE}]|{_RUN}")
_DATE: Final = re.compile(
    r"(?:(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})"
    r"|(?P<a>\d{1,2})([-/.])(?P<b>\d{1,2})\6(?P<c>\d{4}|\d{2}))"
)
_CHUNK: Final = re.compile(
    rf"(?<!\w)(?<!\d[-/.]){_DATE.pattern}(?!\w|[-/.]\d)"
    r"|(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,]*\d)"
    r"|(?<!\w)(?<!\w\.)[^\W\d_](?:\.[^\W\d_])+(?![\w@]|\.\w\w)"
    rf"|[{_SINGLE}]"
    rf"|{_RUN}(?:{_JOINER}{_RUN})*"
)
_SPECIAL: Final = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "þ": "th",
        "ð": "d",
        "ħ": "h",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A word of a text.

    Attributes:
        form: folded.
        first, after: positions: it spans parts `first` to `after - 1`.
        start, end: characters of the text as written.
    """

    form: str
    first: int
    after: int
    start: int
    end: int


class _Stemmers(threading.local):
    """A stemmer a thread, since one must not be used by two at once."""

    def __init__(self) -> None:
        # Our own cache stands in front.
        self.english = Stemmer.Stemmer("english", 0)


_stemmers = _Stemmers()


def fold(word: str, *, most: int | None = MAX_WORD) -> str:
    """`word` without case, accents, compatibility forms and anything but letters and digits; its
    first characters, or all."""
    if word.isascii():
        return word.lower()[:most]
    loose = unicodedata.normalize("NFKD", word).casefold().translate(_SPECIAL)
    again = unicodedata.normalize("NFKD", loose)
    return "".join(filter(str.isalnum, again))[:most]


@lru_cache(maxsize=_KEPT)
def stem(form: str) -> str:
    """The English stem of a folded word; anything but a word of a-z is its own stem."""
    if form.isascii() and form.isalpha():
        return sys.intern(str(_stemmers.english.stemWord(form)))
    return form


def analyse(text: str) -> list[Piece]:
    """All pieces of a text, in order of their beginnings."""
    pieces: list[Piece] = []
    position = 0
    for match in _CHUNK.finditer(text):
        chunk, start = match.group(), match.start()
        found = _pieces(chunk)
        pieces.extend(
            Piece(
                form=piece.form,
                first=piece.first + position,
                after=piece.after + position,
                start=piece.start + start,
                end=piece.end + start,
            )
            for piece in found
        )
        position += max((piece.after for piece in found), default=0)
    return pieces


def chunks(text: str) -> list[tuple[Piece, ...]]:
    """The pieces of each chunk of a text by itself, as a query wants them."""
    found = (_pieces(match.group()) for match in _CHUNK.finditer(text))
    return [pieces for pieces in found if pieces]


def forms(text: str) -> set[str]:
    """The folded words of a text that are indexed."""
    words = text.split()
    if not words or max(map(len, words)) > _LONGEST:
        return set(_forms(text))
    # No chunk spans a blank, and none looks beyond one: word by word is as good, and most words
    # come again as they stand, with their comma or full stop.
    return set().union(*map(_known_forms, words))


def stems(words: set[str]) -> set[str]:
    """The stems of folded words: what is made into tokens."""
    return set(map(stem, words))


def _forms(text: str) -> tuple[str, ...]:
    chunks = (match.group() for match in _CHUNK.finditer(text))
    return tuple({p.form for chunk in chunks for p in _pieces(chunk)} - FUNCTION_WORDS)


_known_forms: Final = lru_cache(_KEPT // 2)(_forms)


@lru_cache(maxsize=_KEPT // 4)
def _pieces(chunk: str) -> tuple[Piece, ...]:
    """The pieces of one chunk, positions and characters counted from its own beginning."""
    parts: list[Piece] = []
    for match in _WORD.finditer(chunk):
        if form := fold(match.group()):
            at = len(parts)
            parts.append(
                Piece(
                    form=form,
                    first=at,
                    after=at + 1,
                    start=match.start(),
                    end=match.end(),
                )
            )
    if len(parts) < 2:
        return tuple(parts)
    whole = _whole(chunk, [part.form for part in parts])
    if not whole:
        return tuple(parts)
    spanning = Piece(form=whole, first=0, after=len(parts), start=parts[0].start, end=parts[-1].end)
    return (spanning, *parts)


def _whole(chunk: str, parts: list[str]) -> str:
    """The form that spans a chunk's parts; empty where they only stand in a row."""
    if match := _DATE.fullmatch(chunk):
        return _canonical(match)
    if "," in chunk or not "".join(parts).isdigit():
        return "".join(parts)[:MAX_WORD]
    return ""


def _canonical(match: re.Match[str]) -> str:
    """The date as ISO 8601; day first, unless only month first is a date. Empty for no date."""
    if match["y"]:
        return _iso(int(match["y"]), int(match["m"]), int(match["d"]))
    year = int(match["c"]) + (2000 if len(match["c"]) == 2 else 0)
    one, two = int(match["a"]), int(match["b"])
    return _iso(year, two, one) or _iso(year, one, two)


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
