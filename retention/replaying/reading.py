"""The journal as a restored database finds it: whole, signed, and beginning with what it knows."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from audit.journal import lines
from audit.journal.errors import JournalChanged, JournalShort
from audit.journal.lines import NOTHING, Act, Line
from audit.journal.places import TOGETHER, Place
from audit.models import JournalLine


def read_through(journal: Place) -> Iterator[Line]:
    """Every line in order, each held against the one before it and against what the database knows
    of it. It ends before what a power cut has left behind a gap (`cut_off`).

    Raises JournalShort where lines are missing that there were, JournalChanged for one that this
    school did not write there.
    """
    known = dict(
        JournalLine.objects.exclude(line=None).values_list("line", "digest").order_by("line")
    )
    whole, behind = _parted(journal.numbers())
    if len(whole) < len(known):
        raise JournalShort
    previous, intended = NOTHING, set[UUID]()
    for number in whole:
        line = line_at(journal, number, previous=previous)
        if number in known and bytes(known[number] or b"") != line.digest:
            raise JournalChanged
        previous = line.digest
        if line.said.act == Act.DISPOSAL_INTENDED:
            intended.add(line.said.uid)
        yield line
    if behind and behind[-1] > len(whole) + TOGETHER:
        raise JournalShort  # they were not written together with what is missing
    _check_cut_off(journal, behind, intended)


def cut_off(journal: Place) -> Sequence[int]:
    """The numbers of lines that a power cut has kept, and not one before them. Nothing was done
    upon them: they, and what is missing, had not been forced to the disk yet."""
    return _parted(journal.numbers())[1]


def line_at(journal: Place, number: int, *, previous: bytes | None = None) -> Line:
    """One line of it."""
    raw = journal.read(number)
    if raw is None:
        raise JournalShort
    return lines.read(raw, number=number, previous=previous)


def _parted(numbers: list[int]) -> tuple[list[int], list[int]]:
    """Those without a gap before them, and the others."""
    end = sum(number == place for place, number in enumerate(numbers, 1))
    return numbers[:end], numbers[end:]


def _check_cut_off(journal: Place, behind: Sequence[int], intended: set[UUID]) -> None:
    """Raises JournalShort where what is missing had been outside, since a line behind it came of
    what it, or another behind it, let begin."""
    for number in behind:
        said = line_at(journal, number).said
        if said.act == Act.DISPOSAL_DONE and said.ends not in intended:
            raise JournalShort
