"""The journal as a restored database finds it: whole, signed, and beginning with what it knows."""

from collections.abc import Iterator

from audit.journal import lines
from audit.journal.errors import JournalChanged, JournalShort
from audit.journal.lines import NOTHING, Line
from audit.journal.places import Place
from audit.models import JournalLine


def read_through(journal: Place) -> Iterator[Line]:
    """Every line in order, each held against the one before it and against what the database knows
    of it.

    Raises JournalShort where lines are missing that there were, JournalChanged for one that this
    school did not write there.
    """
    known = dict(
        JournalLine.objects.exclude(line=None).values_list("line", "digest").order_by("line")
    )
    previous, number = NOTHING, 0
    numbers = journal.numbers()
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) < len(known):
        raise JournalShort
    for number in numbers:
        line = line_at(journal, number, previous=previous)
        if number in known and bytes(known[number] or b"") != line.digest:
            raise JournalChanged
        previous = line.digest
        yield line


def line_at(journal: Place, number: int, *, previous: bytes | None = None) -> Line:
    """One line of it."""
    raw = journal.read(number)
    if raw is None:
        raise JournalShort
    return lines.read(raw, number=number, previous=previous)
