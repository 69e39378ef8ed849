"""The line that begins a message: its shapes, and which lines of a file are one.

`[DATE, TIME] NAME: TEXT` is written by an iPhone, `DATE, TIME - NAME: TEXT` by Android, and
`DATE TIME: NAME: TEXT` by phones before 2016. One export has one shape throughout, since it is
written in one go in the phone's own language; only the padding of digits varies. A line of
another shape is therefore something that a person pasted into a message.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from messaging.imports.whatsapp.errors import MessageTooLong, NotAnExport
from messaging.imports.whatsapp.marks import LRM, MARK, SPACE

Platform = Literal["ios", "android", "legacy"]
Shape = tuple[str | int | bool, ...]

# WhatsApp refuses more than 65,536 characters; what is longer would only slow the reading down.
MAX_MESSAGE = 100_000  # characters, header included
_NOON, _DAY, _HOUR = 12, 24, 60  # hours, hours, minutes (and a minute, seconds)
_FULL_YEAR = 4  # digits

_M, _S, _D = f"{MARK}*", SPACE, "[0-9\u0660-\u0669\u06f0-\u06f9]"
_DATE = (
    rf"(?P<a>{_D}{{1,4}}){_M}(?P<sep>{_S}?[./-]{_S}?){_M}"
    rf"(?P<b>{_D}{{1,2}}){_M}{_S}?[./-]{_S}?{_M}"
    rf"(?P<c>R?{_D}{{1,4}})(?P<dot>\.?)(?P<era>{_S}BE)?"
)
_BETWEEN = (
    rf"{_M}(?P<comma>[,\u060c]?){_S}*"
    rf"(?:(?P<word>klo|kl\.?|\u00e0|a las|\u00e0s|um|at){_S}+)?{_M}"
)
_HALF = "[AaPp]\\.?[ \u00a0\u202f]?[Mm]\\.?|[\u0635\u0645]"
_BEFORE = "\u4e0a\u5348|\u4e0b\u5348|\u5348\u524d|\u5348\u5f8c|\uc624\uc804|\uc624\ud6c4"
_TIME = (
    rf"(?:(?P<early>{_BEFORE}){_S}?)?"
    rf"(?P<h>{_D}{{1,2}})(?P<tsep>[:.])(?P<m>{_D}{{2}})(?:[:.](?P<s>{_D}{{2}}))?"
    rf"(?:{_M}{_S}?{_M}(?P<half>{_HALF}))?{_M}"
)
_WHEN = _DATE + _BETWEEN + _TIME
_HEADERS: dict[Platform, re.Pattern[str]] = {
    "ios": re.compile(rf"(?P<lead>{_M})\[{_M}{_WHEN}\]{_S}?"),
    "android": re.compile(rf"(?P<lead>{_M}){_WHEN}{_S}[-\u2013]{_S}?"),
    "legacy": re.compile(rf"(?P<lead>{_M}){_WHEN}:{_S}"),
}
_AFTERNOON = {"\u0645", "\u4e0b\u5348", "\u5348\u5f8c", "\uc624\ud6c4"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """Date and time as printed: three numbers whose order is still to be decided."""

    platform: Platform
    shape: Shape
    fields: tuple[int, int, int]
    time: tuple[int, int, int]
    marked: bool  # a direction mark before the bracket: how an iPhone begins a line with media
    end: int  # where NAME: TEXT begins in the line


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One message as printed: its header and all that follows up to the next one."""

    header: Header
    printed: str

    @property
    def rest(self) -> str:
        """NAME: TEXT, or the text of a notice."""
        return self.printed[self.header.end :]


def read_header(line: str) -> Header | None:
    """Return what a line begins with, or None when it is no header of any known shape."""
    for platform, pattern in _HEADERS.items():
        if match := pattern.match(line):
            return _header(platform, match)
    return None


def count_headers(text: str) -> int:
    """Count the lines of a text that look like headers, to tell a chat from a document."""
    return sum(1 for line in text.split("\n") if read_header(line))


def split_records(text: str) -> tuple[Record, ...]:
    """Split a file into its messages, by the shape of the file's own headers.

    Raises NotAnExport when there is no header, MessageTooLong when a message is too long.
    """
    lines = text.split("\n")
    found = [read_header(line) for line in lines]
    shape = _own_shape(lines, found)
    starts = [h if h and h.shape == shape else None for h in found]
    if shape[0] == "ios":
        _keep_line_feeds(lines, starts)
    return tuple(_records(lines, starts))


def _header(platform: Platform, match: re.Match[str]) -> Header | None:
    time = _time(match)
    if time is None:
        return None
    a, b, c = int(match["a"]), int(match["b"]), int(match["c"].lstrip("R"))
    shape = _shape(platform, match)
    return Header(
        platform=platform,
        shape=shape,
        fields=(a, b, 2018 + c if match["c"].startswith("R") else c),
        time=time,
        marked=LRM in match["lead"],
        end=match.end(),
    )


def _time(match: re.Match[str]) -> tuple[int, int, int] | None:
    hour, minute, second = int(match["h"]), int(match["m"]), int(match["s"] or 0)
    half = match["early"] or match["half"]
    if half and hour <= _NOON:
        hour = hour % _NOON + (_NOON if half in _AFTERNOON or half[0] in "Pp" else 0)
    return (hour, minute, second) if hour < _DAY and minute < _HOUR and second < _HOUR else None


def _shape(platform: Platform, match: re.Match[str]) -> Shape:
    """Everything about a header that does not vary inside one export."""
    half = match["half"] or ""
    return (
        platform,
        re.sub(SPACE, " ", match["sep"]),
        len(match["a"]) == _FULL_YEAR,
        len(match["c"]) == _FULL_YEAR,
        match["dot"],
        match["c"].startswith("R"),
        bool(match["era"]),
        match["comma"],
        match["word"] or "",
        match["tsep"],
        bool(match["s"]),
        bool(match["early"]),
        re.sub("[Pp]", lambda p: "A" if p[0] == "P" else "a", re.sub(SPACE, " ", half))
        if half.isascii() or "." in half
        else "arabic",
    )


def _own_shape(lines: list[str], found: list[Header | None]) -> Shape:
    """The shape of the first line, or the commonest where something stands before it."""
    shapes = [header.shape for header in found if header]
    if not shapes:
        raise NotAnExport
    first = next(h for line, h in zip(lines, found, strict=True) if line.strip("\ufeff \r"))
    return first.shape if first else Counter(shapes).most_common(1)[0][0]


def _keep_line_feeds(lines: list[str], starts: list[Header | None]) -> None:
    """An iPhone ends a message with CRLF and breaks lines inside one with LF.

    So a header after a bare LF was pasted. A file that an editor has saved with one kind of
    line end throughout tells nothing, and is left as it is.
    """
    crlf = [line.endswith("\r") for line in lines[:-1]]
    if not any(crlf) or all(crlf):
        return
    for index, ended in enumerate(crlf, start=1):
        if not ended:
            starts[index] = None


def _records(lines: list[str], starts: list[Header | None]) -> Iterator[Record]:
    header: Header | None = None
    body: list[str] = []
    for line, start in zip(lines, starts, strict=True):
        if start:
            yield from _record(header, body)
            header, body = start, []
        body.append(line.removesuffix("\r"))
    yield from _record(header, _without_last_break(body))


def _without_last_break(body: list[str]) -> list[str]:
    """The file's own last line end is no part of the last message."""
    return body[:-1] if len(body) > 1 and not body[-1] else body


def _record(header: Header | None, body: list[str]) -> Iterator[Record]:
    if header is None:
        return
    printed = "\n".join(body)
    if len(printed) > MAX_MESSAGE:
        raise MessageTooLong
    yield Record(header=header, printed=printed)
