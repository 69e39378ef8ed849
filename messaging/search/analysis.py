"""From text to words: one analysis for messages and for queries. Pure.

A text is a row of *parts* at positions 0, 1, 2, …: the longest runs of letters and digits, and
emoji. Parts that belong together get a further *piece* that spans them: O'Brien is also `obrien`,
well-being `wellbeing`, 1,250 `1250`, J.K. `jk`; shapes.py knows dates, times and forms. E-mail
addresses, URLs and dotted names need no piece of their own: as a query each is its parts in a
row, which finds the whole as well as any end of it.

Folding (NFKD, case, marks) happens part by part, so that every piece knows where it stands in
the text as written, and with which accents.

`ANALYSER` numbers what comes of a text: whoever changes that counts it up, and the worker
analyses every month anew that was indexed by another.
"""

import re
import sys
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import Stemmer

from messaging.search.shapes import SHAPES, SPANNING, Shape, shape_of

ANALYSER: Final = 3
WITH_PAIRS: Final = 3
"""From that one on a row has pairs, and tokens of its channel and author."""

# Not indexed, since nearly every message holds one of them, and none is a name, a month, a
# subject or an abbreviation used in schools (so 'a', 'it', 'may', 'us' and 'is' are indexed).
# They are found all the same: what the index does not know is checked on the plaintext.
FUNCTION_WORDS: Final = frozenset({"the", "and", "of", "to", "for", "that", "with"})

MAX_WORD: Final = 64
"""Characters of a word that count; what is longer is compared by its beginning."""

_KEPT: Final = 1 << 17
"""Results of folding and stemming kept a process: the words of some years of a school."""


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
_CHUNK: Final = re.compile(
    rf"{SHAPES}"
    r"|(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,]*\d)"
    r"|(?<!\w)(?<!\w\.)[^\W\d_](?:\.[^\W\d_])+(?![\w@]|\.\w\w)"
    rf"|[{_SINGLE}]"
    rf"|{_RUN}(?:{_JOINER}{_RUN})*"
)
_SPANNING: Final = re.compile(SPANNING)
_DIGIT: Final = re.compile(r"\d")
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
        marked: without case, but with the accents as written.
        first, after: positions: it spans parts `first` to `after - 1`.
        start, end: characters of the text as written.
    """

    form: str
    marked: str
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


def mark(word: str) -> str:
    """`word` without case, but with its accents: two ways to write one are the same."""
    if word.isascii():
        return word.lower()[:MAX_WORD]
    loose = unicodedata.normalize("NFKD", word).casefold()
    kept = "".join(c for c in loose if c.isalnum() or unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept)[:MAX_WORD]


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
        found = pieces_of(chunk)
        pieces.extend(moved(piece, position, start) for piece in found)
        position += max((piece.after for piece in found), default=0)
    return pieces


def moved(piece: Piece, positions: int, characters: int) -> Piece:
    """The piece so many positions and characters further on."""
    return Piece(
        form=piece.form,
        marked=piece.marked,
        first=piece.first + positions,
        after=piece.after + positions,
        start=piece.start + characters,
        end=piece.end + characters,
    )


def chunks(text: str) -> list[tuple[Piece, ...]]:
    """The pieces of each chunk of a text by itself, as a query wants them."""
    return [pieces for pieces in map(pieces_of, chunks_of(text)) if pieces]


def chunks_of(text: str) -> list[str]:
    """The chunks of a text, of each of which `pieces_of` tells the pieces."""
    return [match.group() for match in _CHUNK.finditer(text)]


def may_span(text: str) -> bool:
    """Whether a chunk of the text holds a blank; each has a digit, and most texts have none."""
    return _DIGIT.search(text) is not None and _SPANNING.search(text) is not None


def stems(words: set[str]) -> set[str]:
    """The stems of folded words: what is made into tokens."""
    return set(map(stem, words))


@lru_cache(maxsize=_KEPT // 4)
def pieces_of(chunk: str) -> tuple[Piece, ...]:
    """The pieces of one chunk, positions and characters counted from its own beginning."""
    shape = shape_of(chunk)
    parts = _parts(chunk, shape)
    if len(parts) < 2:
        return tuple(parts)
    whole = shape.whole if shape else _joined(chunk, [part.form for part in parts])
    if not whole:
        return tuple(parts)
    spanning = Piece(
        form=whole,
        marked=whole if shape else "".join(part.marked for part in parts)[:MAX_WORD],
        first=0,
        after=len(parts),
        start=parts[0].start,
        end=parts[-1].end,
    )
    return (spanning, *parts)


def _parts(chunk: str, shape: Shape | None) -> list[Piece]:
    known = shape.parts if shape else ()
    spans = known or [match.span() for match in _WORD.finditer(chunk)]
    words = [chunk[start:end] for start, end in spans]
    folded = (shape and shape.forms) or [fold(word) for word in words]
    marked = (shape and shape.forms) or [mark(word) for word in words]
    there = [each for each in zip(folded, marked, spans, strict=True) if each[0]]
    return [
        Piece(form=form, marked=marks, first=at, after=at + 1, start=start, end=end)
        for at, (form, marks, (start, end)) in enumerate(there)
    ]


def _joined(chunk: str, parts: list[str]) -> str:
    """The form that spans a chunk's parts; empty where they only stand in a row."""
    if "," in chunk or not "".join(parts).isdigit():
        return "".join(parts)[:MAX_WORD]
    return ""
