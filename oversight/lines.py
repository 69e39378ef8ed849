"""The log as lines to be taken away: a table for a spreadsheet, or exact JSON.

The table is UTF-8 with a byte order mark and rows that end with CRLF, as an export's is, and for
the same reasons; a cell that a spreadsheet would take for a formula begins with an apostrophe. A
line of the JSON holds under `entry` exactly what was hashed: its RFC 8785 bytes give `hash`.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import orjson

from audit.canonical import plain
from audit.clock import iso
from audit.entries import document_of
from oversight.models import Verification
from oversight.queries.rows import Row
from retention.exports.table import BOM, safe_cell

_ENTRY_HEADINGS: Final = (
    "leaf", "entry", "id", "at", "action", "what", "actor", "actor_name", "subject",
    "subject_name", "facts", "hash",
)  # fmt: skip
_VERIFICATION_HEADINGS: Final = (
    "verification", "id", "scope", "asked_at", "asked_by", "started_at", "finished_at", "result",
    "entries", "leaves", "versions", "problems",
)  # fmt: skip


def csv_of(rows: Iterable[Row]) -> Iterator[str]:
    """Entries as a table, a line at a time, the headings first."""
    yield BOM + _line(_ENTRY_HEADINGS)
    for row in rows:
        yield _line(_cells(row))


def jsonl_of(rows: Iterable[Row]) -> Iterator[str]:
    """Entries as JSON, one object a line. Names are beside the entry, and only where known."""
    for row in rows:
        document = {
            "leaf": row.leaf,
            "number": row.entry.pk,
            "hash": bytes(row.entry.hash).hex(),
            "entry": plain(document_of(row.entry)),
            "what": row.said,
            "names": {"actor": row.actor, "subject": row.subject},
        }
        yield orjson.dumps(document).decode() + "\n"


def csv_of_verifications(found: Iterable[Verification], *, named: bool) -> str:
    """The history of verifications as a table; `named` is whether it says who asked."""
    lines = [_line(_verified(one, named=named)) for one in found]
    return BOM + _line(_VERIFICATION_HEADINGS) + "".join(lines)


def _cells(row: Row) -> tuple[object, ...]:
    entry = row.entry
    return (
        row.leaf,
        entry.pk,
        entry.uid,
        iso(entry.at),
        entry.action,
        row.said,
        entry.actor,
        row.actor,
        entry.subject,
        row.subject,
        orjson.dumps(entry.facts, option=orjson.OPT_SORT_KEYS).decode(),
        bytes(entry.hash).hex(),
    )


def _verified(one: Verification, *, named: bool) -> tuple[object, ...]:
    name = one.asked_by.display_name if one.asked_by and named else one.asked_by_id
    times = (one.asked_at, one.started_at, one.finished_at)
    asked, started, finished = (iso(at) if at else None for at in times)
    by = name or "nightly"
    counts = (one.entries, one.size, one.versions, one.problems)
    return (one.number, one.uid, one.scope, asked, by, started, finished, one.result, *counts)


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO(newline="")
    shown = ("" if cell is None else safe_cell(str(cell)) for cell in cells)
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(shown)
    return out.getvalue()
