"""The pending lists of the months' indexes, emptied outside of commits. For the worker alone.

Fresh tokens are appended to a list, which every search reads from end to end. Its limit is far
away, so that no commit ever has to empty it (sql/pending.sql).
"""

import re
from datetime import date
from typing import Final

from django.db import connection

_TABLE: Final = re.compile(r"t_(.+)_(channel|direct)_(\d{4})(\d{2})")
_flushed: dict[str, int] = {}
"""By table, the rows that had been written to it when this process last emptied its list."""


def flush_written() -> int:
    """Empty the list of each month that was written to since the last call; returns how many.

    The first call in a process takes all months, which costs next to nothing where there is
    nothing to do. PostgreSQL counts rows a second or so late: those are seen by the next call.
    """
    written = _written()
    fresh = [table for table, rows in written.items() if _flushed.get(table) != rows]
    for table in fresh:
        _flush(table)
    _flushed.clear()
    _flushed.update(written)
    return len(fresh)


def _written() -> dict[str, int]:
    """The rows ever written to each month's table, as PostgreSQL counts them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins FROM pg_stat_user_tables WHERE schemaname = 'search'"
        )
        return dict(cursor.fetchall())


def _flush(table: str) -> None:
    match = _TABLE.fullmatch(table)
    if match is None:
        raise ValueError("not a table of the search")
    month = date(int(match[3]), int(match[4]), 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT search.flush_month(%s, %s, %s)", [match[1], match[2], month])
