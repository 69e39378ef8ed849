"""Bringing what was noted out to the journal, in order, each line after the one before it.

One process ships at a time. What was written outside before its row could say so is recognised by
its bytes, which are the same each time, so that it may be killed anywhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from django.db import connection, transaction

from audit.clock import now
from audit.journal import lines
from audit.journal.errors import (
    JournalAhead,
    JournalChanged,
    JournalError,
    JournalShort,
    JournalTaken,
)
from audit.journal.lines import NOTHING, Act, Line, Said
from audit.journal.places import TOGETHER, Place, Write, place
from audit.models import JournalLine
from audit.statements import array, ask, statement_of

_log = structlog.get_logger("schoolchat.journal")

#: The advisory lock of whoever ships.
SHIPPING: Final = 7_104
_SHIPPED: Final = statement_of(Path(__file__).resolve().parent.parent / "sql" / "shipped.sql")


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last line that the database knows to be outside; number 0 before the first."""

    number: int
    digest: bytes


def head() -> Head:
    """How far the journal is, as the database has it."""
    last = JournalLine.objects.exclude(line=None).order_by("-line").first()
    if last is None or last.line is None:
        return Head(number=0, digest=NOTHING)
    return Head(number=last.line, digest=bytes(last.digest or b""))


def ship(to: Place | None = None) -> int:
    """Write everything that waits, to the journal unless another place is named; returns how many
    lines.

    Raises a JournalError; what was written before it came is not lost.
    """
    written, failed = 0, None
    with transaction.atomic():
        lock_shipping()
        if JournalLine.objects.filter(line=None).exists():
            written, failed = _ship(to or place())
    if failed is not None:
        raise failed
    return written


def ship_waiting() -> None:
    """The same every minute, by the worker: what is in the way is said to whoever reads its log,
    and by an alert (`oversight.workers.journal`)."""
    try:
        ship()
    except JournalError as error:
        _log.warning("the journal was not written", error=str(error))


def lock_shipping() -> None:
    """Wait until nobody else ships, and keep them waiting until this transaction has ended.

    However slow the journal is: who ships to a bucket gives up by itself, later than a role waits
    for a lock; of a folder on a mount that hangs, the server ends the session of whoever ships
    (`idle_in_transaction_session_timeout`). Other locks are waited for as long as before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        (usual,) = cursor.fetchone()
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SHIPPING])
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])


def said_by(row: JournalLine) -> Said:
    """What a row has to say."""
    return Said(
        uid=row.uid,
        at=row.at,
        act=Act(row.act),
        subject=row.subject,
        ends=row.ends,
        facts=row.facts,
    )


def _ship(to: Place) -> tuple[int, JournalError | None]:
    written = 0
    try:
        last = head()
        _check_end(to, last)
        last = _adopted(to, last)
        while rows := list(JournalLine.objects.filter(line=None).order_by("id")[:TOGETHER]):
            some, failed = _write(to, rows, last)
            _mark(some)
            written += len(some)
            if failed is not None:
                return written, failed
            last = Head(number=some[-1].number, digest=some[-1].digest)
    except JournalError as error:
        return written, error
    return written, None


def _write(
    to: Place, rows: Iterable[JournalLine], last: Head
) -> tuple[list[Line], JournalError | None]:
    """The lines that are outside now, and why those after them are not."""
    written: list[Line] = []
    with to.together() as write:
        for row in rows:
            line = lines.written(said_by(row), number=last.number + 1, previous=last.digest)
            try:
                _put(to, write, line)
            except JournalError as error:
                return written, error
            written.append(line)
            last = Head(number=line.number, digest=line.digest)
    return written, None


def _put(to: Place, write: Write, line: Line) -> None:
    """A power cut may have kept a later line and not the one before it. That has another place by
    now, where another act came in between."""
    try:
        write(line.number, line.raw)
    except JournalTaken:
        stray = lines.read(to.read(line.number) or b"", number=line.number)
        if not JournalLine.objects.filter(uid=stray.said.uid, line=None).exists():
            raise JournalAhead from None
        to.set_aside(line.number)
        write(line.number, line.raw)


def _check_end(to: Place, last: Head) -> None:
    """The last line that we know of stands there as we wrote it."""
    if not last.number:
        return
    raw = to.read(last.number)
    if raw is None:
        raise JournalShort
    if lines.read(raw, number=last.number).digest != last.digest:
        raise JournalChanged


def _adopted(to: Place, last: Head) -> Head:
    """What a process that was killed has written already, and its rows do not say."""
    while (raw := to.read(last.number + 1)) is not None:
        line = lines.read(raw, number=last.number + 1)
        row = JournalLine.objects.filter(uid=line.said.uid, line=None).first()
        if row is None:
            raise JournalAhead
        ours = lines.written(said_by(row), number=line.number, previous=last.digest)
        if ours.raw != raw:
            _leave_stray(to, line, behind=last)
            break
        _mark([line])
        last = Head(number=line.number, digest=line.digest)
    return last


def _leave_stray(to: Place, line: Line, *, behind: Head) -> None:
    """Of what a power cut has kept, whoever was killed has written the line before it anew."""
    if line.previous == behind.digest:
        raise JournalChanged
    to.set_aside(line.number)


def _mark(written: Sequence[Line]) -> None:
    """Their rows say where they are."""
    values = {
        "at": now(),
        "uids": array(line.said.uid for line in written),
        "lines": array(line.number for line in written),
        "digests": array(line.digest for line in written),
    }
    ask(_SHIPPED, values)
