"""The filters that a member types between the words of a search.

    from:alice  from:"Ann Okafor"  from:me      who wrote it
    in:staffroom  in:"Year 5"                   where
    before:2026-11-02  after:1/9/2026  on:yesterday
    has:link  has:file  has:image
    is:edited  is:imported  is:deleted          the last for the desk

They may stand anywhere, once each. What is left are the words; a filter gives its place to blanks,
so that an error still names the character that was typed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from messaging.search.analysis import chunks
from messaging.search.errors import (
    ChannelMissing,
    ChannelOfSeveral,
    ChannelUnknown,
    DateMissing,
    DateUnknown,
    FilterTwice,
    PersonMissing,
    PersonOfSeveral,
    PersonUnknown,
    QueryError,
    ValueMissing,
)

_QUOTES: Final = '"\u201c\u201d\u201e'
_PART: Final = re.compile(
    rf"""(?P<name>(?<!\S)(?:from|in|before|after|on|has|is)):
         (?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)(?:[{_QUOTES}]|$)|(?P<plain>[^\s()]*))
    | [{_QUOTES}][^{_QUOTES}]*(?:[{_QUOTES}]|$)""",
    re.VERBOSE | re.IGNORECASE,
)
_EMPTY: Final[Mapping[str, type[QueryError]]] = {
    "from": PersonMissing,
    "in": ChannelMissing,
    "has": ValueMissing,
    "is": ValueMissing,
}
_EXAMPLES: Final = {"has": "has:link", "is": "is:edited"}
_NAMELESS: Final[Mapping[str, tuple[type[QueryError], type[QueryError]]]] = {
    "from": (PersonUnknown, PersonOfSeveral),
    "in": (ChannelUnknown, ChannelOfSeveral),
}
"""What is said of a name that is nobody's, and of one that several have."""
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2999
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_BRITISH: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One filter: its `name`, what was typed after the colon, and the characters it takes up."""

    name: str
    value: str
    start: int
    end: int

    @property
    def place(self) -> int:
        """Its first character, counted from 1."""
        return self.start + 1


def split(text: str) -> tuple[str, tuple[Filter, ...]]:
    """The words, with blanks where the filters were, and the filters. Raises QueryError."""
    found = tuple(
        _filter(match) for match in _PART.finditer(text) if match["name"] and not _is_time(match)
    )
    for number, each in enumerate(found):
        if any(each.name == other.name for other in found[:number]):
            raise FilterTwice(each.place, filter=each.name)
    for each in found:
        text = without(text, each, blank=True)
    return text, found


def without(text: str, gone: Filter, *, blank: bool = False) -> str:
    """The text without a filter; `blank` keeps the length."""
    head, tail = text[: gone.start], text[gone.end :]
    if blank:
        return head + " " * (gone.end - gone.start) + tail
    return " ".join((head + " " + tail).split())


def _is_time(match: re.Match[str]) -> bool:
    """'on://…' is no filter."""
    return (match["plain"] or "").startswith("//")


def _filter(match: re.Match[str]) -> Filter:
    name = match["name"].lower()
    value = " ".join((match["quoted"] or match["plain"] or "").split())
    if not value:
        empty = _EMPTY.get(name, DateMissing)
        raise empty(match.start() + 1, filter=name, example=_EXAMPLES.get(name, ""))
    return Filter(name=name, value=value, start=match.start(), end=match.end())


def day_of(asked: Filter, today: date) -> date:
    """The day that a filter names: 2026-11-30, 30/11/2026, 30.11.26, today or yesterday."""
    word = asked.value.casefold()
    if word in {"today", "yesterday"}:
        return today - timedelta(days=word == "yesterday")
    try:
        day = _written(word)
    except ValueError:
        day = None  # the 31st of February
    # Beyond these years a midnight in another time zone is no date any more.
    if day and _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return day
    raise DateUnknown(asked.place, filter=asked.name)


def _written(word: str) -> date | None:
    if iso := _ISO.fullmatch(word):
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    if british := _BRITISH.fullmatch(word):
        year = int(british[3])
        return date(year + 2000 * (year < 100), int(british[2]), int(british[1]))
    return None


def named[T](asked: Filter, choices: Iterable[tuple[T, str]]) -> T:
    """The one of `choices` that `from` or `in` names: by its whole name, or by the beginning of a
    word of it. Raises QueryError."""
    wanted = _folded(asked.value.lstrip("@#"))
    known = [(choice, _folded(name)) for choice, name in choices]
    whole = [choice for choice, name in known if name == wanted]
    found = whole or [choice for choice, name in known if _begins(wanted, name)]
    if len(found) == 1:
        return found[0]
    unknown, several = _NAMELESS[asked.name]
    raise (several if found else unknown)(asked.place)


def _begins(wanted: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether a word of the name is where this begins; 'oneil' is O'Neil."""
    sought = "".join(wanted)
    return bool(sought) and any("".join(name[at:]).startswith(sought) for at in range(len(name)))


def _folded(name: str) -> tuple[str, ...]:
    """The words of a name, without case, accents and signs: 'Year-5' is 'year', '5'."""
    return tuple(
        piece.form for chunk in chunks(name) for piece in chunk if piece.after - piece.first == 1
    )
