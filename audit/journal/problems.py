"""Holding the journal outside against what the database knows of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from audit.clock import now
from audit.journal import lines
from audit.journal.errors import (
    JournalAhead,
    JournalBehind,
    JournalChanged,
    JournalError,
    JournalShort,
)
from audit.journal.places import Place, place
from audit.models import JournalLine

#: What waits for longer than this is late: the worker ships every minute.
_WITHIN: Final = timedelta(minutes=10)
#: So many of the last lines are read where not all are.
_LAST: Final = 20


def journal_problems(*, whole: bool = False) -> list[JournalError]:
    """What is wrong with the journal, each problem once; `str()` of one is its sentence.

    Without `whole` only the number of lines and the last ones are looked at, which takes
    milliseconds; with it every line is read.
    """
    found: dict[type[JournalError], JournalError] = {}
    for problem in _problems(whole):
        found.setdefault(type(problem), problem)
    return list(found.values())


def _problems(whole: bool) -> Iterator[JournalError]:
    late = JournalLine.objects.filter(line=None, at__lt=now() - _WITHIN)
    if late.exists():
        yield JournalBehind()
    try:
        yield from _compared(place(), whole)
    except JournalError as error:
        yield error


def _compared(to: Place, whole: bool) -> Iterator[JournalError]:
    known = JournalLine.objects.exclude(line=None)
    last = known.count()
    there = set(to.numbers())
    if not set(range(1, last + 1)) <= there:
        yield JournalShort()
    first = 1 if whole else max(1, last - _LAST + 1)
    for row in known.filter(line__gte=first).order_by("line").iterator():
        if row.line in there and not _is_as_written(to, row):
            yield JournalChanged()
            break
    beyond = [number for number in there if number > last]
    if beyond and not _is_ours(to, min(beyond)):
        yield JournalAhead()


def _is_as_written(to: Place, row: JournalLine) -> bool:
    raw = to.read(row.line or 0)
    if raw is None:
        return True  # it has just been said to be missing
    try:
        line = lines.read(raw, number=row.line or 0)
    except JournalChanged:
        return False
    return line.digest == bytes(row.digest or b"")


def _is_ours(to: Place, number: int) -> bool:
    """A line that was written, and whose row will say so as soon as somebody ships again."""
    raw = to.read(number)
    if raw is None:
        return False
    uid = lines.read(raw, number=number).said.uid
    return JournalLine.objects.filter(uid=uid).exists()
