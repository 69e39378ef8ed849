"""What is written in several ways and means one thing: dates, times, forms and emoji. Pure.

Each is a chunk with a *whole* beside its parts:

    12/05/2026  2026-05-12  12 May 2026  May 12th, 2026  12 Mai 2026   2026-05-12
    9:30  09.30  9.30am  9.30 p.m.  9pm                                 09:30, 21:30, 21:00
    Y6  Yr 6  Year 6                                                    y6
    👍🏽  👍                                                              👍
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_MONTHS: Final = (
    ("january", "jan", "ionawr"),
    ("february", "feb", "chwefror"),
    ("march", "mar", "mawrth"),
    ("april", "apr", "ebrill"),
    ("may", "mai"),
    ("june", "jun", "mehefin"),
    ("july", "jul", "gorffennaf"),
    ("august", "aug", "awst"),
    ("september", "sept", "sep", "medi"),
    ("october", "oct", "hydref"),
    ("november", "nov", "tachwedd"),
    ("december", "dec", "rhagfyr"),
)
_NUMBER_OF: Final = {name: n for n, names in enumerate(_MONTHS, 1) for name in names}
_MONTH: Final = "(?i:" + "|".join(sorted(_NUMBER_OF, key=len, reverse=True)) + ")"
_ORDINAL: Final = "(?i:st|nd|rd|th)?"
_HALF: Final = r"(?i:[ap]\.?m)(?!\w)"

_DATE: Final = (
    r"(?<!\w)(?<!\d[-/.])"
    r"(?:(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})"
    r"|(?P<a>\d{1,2})(?P<t>[-/.])(?P<b>\d{1,2})(?P=t)(?P<c>\d{4}|\d{2}))"
    r"(?!\w|[-/.]\d)"
)
_NAMED: Final = (
    rf"(?<![\w/.-])(?:(?P<nd>\d{{1,2}}){_ORDINAL}(?:\s(?i:of))?\s(?P<nm>{_MONTH})\.?,?"
    rf"|(?P<um>{_MONTH})\.?\s(?P<ud>\d{{1,2}}){_ORDINAL},?)\s(?P<ny>\d{{4}})(?!\w)"
)
_TIME: Final = (
    r"(?<![\w.:,/£$€])(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)"
    rf"(?:\s?(?P<half>{_HALF}))?(?!\w|[:.,/]\d)"
)
_HOUR: Final = rf"(?<![\w.:,/£$€-])(?P<only>1[0-2]|0?[1-9])\s?(?P<of>{_HALF})"
_YEAR: Final = r"(?<!\w)(?P<year>(?i:year|yr|y))\s?(?P<group>1[0-3]|[1-9])(?!\w)"

_TONES: Final = "\U0001f3fb-\U0001f3ff"
_DROPPED: Final = re.compile(f"[\ufe0e\ufe0f{_TONES}]")
_PICTURE: Final = (
    "[\u203c\u2049\u2139\u2194-\u21aa\u231a-\u23ff\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
)
_DRESSED: Final = rf"{_PICTURE}[\ufe0e\ufe0f{_TONES}]*"
EMOJI: Final = (
    "[\U0001f1e6-\U0001f1ff]{2}"
    "|\U0001f3f4[\U000e0020-\U000e007f]+"
    "|[0-9#*]\ufe0f?\u20e3"
    rf"|{_DRESSED}(?:\u200d{_DRESSED})*"
)
SHAPES: Final = f"{_DATE}|{_NAMED}|{_TIME}|{_HOUR}|{_YEAR}|{EMOJI}"
SPANNING: Final = rf"\d\s{_HALF}|(?i:year|yr|y)\s\d|{_NAMED}"
"""What stands in each chunk that holds a blank."""

MOMENT: Final = (
    rf"\d{{1,2}}{_ORDINAL}(?:\s(?i:of))?\s{_MONTH}\.?,?\s\d{{4}}"
    rf"|{_MONTH}\.?\s\d{{1,2}}{_ORDINAL},?\s\d{{4}}"
    rf"|\d{{1,2}}(?:[:.]\d{{2}})?\s{_HALF}"
)
"""Dates and times with blanks, which a query takes as one word."""

_SHAPE: Final = re.compile(SHAPES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A chunk of a known shape.

    Attributes:
        whole: what it means, in one way to write it; empty for no such day.
        parts: from and to of each part, where they are other than its runs of letters and digits.
        forms: the parts' forms, where they are other than folded.
    """

    whole: str
    parts: tuple[tuple[int, int], ...] = ()
    forms: tuple[str, ...] = ()


def shape_of(chunk: str) -> Shape | None:
    """The shape of a chunk that `SHAPES` found; None for any other."""
    match = _SHAPE.fullmatch(chunk)
    if match is None:
        return None
    if match["y"] or match["c"]:
        return Shape(whole=_written_day(match))
    if match["ny"]:
        month = _NUMBER_OF[(match["nm"] or match["um"]).lower()]
        return Shape(whole=_iso(int(match["ny"]), month, int(match["nd"] or match["ud"])))
    if match["hour"]:
        return _time(match, "hour", "minute", "half")
    if match["only"]:
        return _time(match, "only", "of")
    if match["year"]:
        number = str(int(match["group"]))
        spans = (match.span("year"), match.span("group"))
        return Shape(whole=f"y{number}", parts=spans, forms=("year", number))
    emoji = _DROPPED.sub("", chunk)
    return Shape(whole="", parts=((0, len(chunk)),), forms=(emoji,))


def _time(match: re.Match[str], *names: str) -> Shape:
    """A time by its groups: the hour, the minute if there is one, and the half of the day."""
    hour, half = int(match[names[0]]), (match[names[-1]] or "").lower()[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    minute = match["minute"] or "00"
    spans = tuple(match.span(name) for name in names if match[name])
    return Shape(whole=f"{hour:02}:{minute}", parts=spans)


def _written_day(match: re.Match[str]) -> str:
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
