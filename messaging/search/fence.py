"""The statements of a search, each with its own settings and an end.

The time that a search has is looked at between its statements. One that hangs, at a lock, on slow
disks or by a plan gone wrong, is ended by PostgreSQL itself a little later, and what was found
until then is the answer.
"""

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any, Final, LiteralString

import psycopg
from django.db import connection, transaction
from psycopg.errors import QueryCanceled

GRACE_SECONDS: Final = 1.0
"""What a statement may take beyond the time of its search: the first ones after a restart do."""

_PLAIN: Final = (
    "SELECT set_config('statement_timeout', %(ends)s, true),"
    " set_config('max_parallel_workers_per_gather', '0', true)"
)
_FORCED: Final = (
    f"{_PLAIN}, set_config('enable_indexscan', 'off', true),"
    " set_config('enable_seqscan', 'off', true)"
)
_AS_BEFORE: Final = (
    "SET LOCAL statement_timeout TO DEFAULT",
    "SET LOCAL max_parallel_workers_per_gather TO DEFAULT",
    "SET LOCAL enable_indexscan TO DEFAULT",
    "SET LOCAL enable_seqscan TO DEFAULT",
)


class TimeIsUp(Exception):
    """A statement of the search did not end in its time."""


def left_until(deadline: float) -> float:
    """How many seconds a statement may take that begins now, of a search that has until then."""
    return max(deadline - monotonic(), 0) + GRACE_SECONDS


def fetch(
    statement: str, values: Mapping[str, object], *, seconds: float, forced: bool = False
) -> list[tuple[Any, ...]]:
    """The rows of a statement, without parallel workers and, where it is `forced`, by bitmaps of
    its indexes alone.

    It goes past Django's cursor: values are bound by the server, once each, however often the
    statement names them, and nothing is prepared. With its transaction it is one round trip.
    Raises TimeIsUp after so many seconds, and OperationalError when somebody else ends it.
    """
    connection.ensure_connection()
    ends = monotonic() + seconds
    try:
        return _fetched(statement, values, _FORCED if forced else _PLAIN, seconds)
    except psycopg.OperationalError as error:
        if isinstance(error, QueryCanceled) and monotonic() >= ends:
            raise TimeIsUp from error
        with connection.wrap_database_errors:
            raise  # as Django's own cursors tell it


def _fetched(
    statement: str, values: Mapping[str, object], settings: LiteralString, seconds: float
) -> list[tuple[Any, ...]]:
    limits = {"ends": str(round(seconds * 1_000))}
    if connection.in_atomic_block:
        with transaction.atomic():
            return _asked([(settings, limits)], statement, values, _AS_BEFORE)
    try:
        return _asked([("BEGIN", {}), (settings, limits)], statement, values, ["COMMIT"])
    except psycopg.Error:
        connection.connection.rollback()
        raise


def _asked(
    before: Sequence[tuple[LiteralString, Mapping[str, str]]],
    statement: str,
    values: Mapping[str, object],
    after: Sequence[LiteralString],
) -> list[tuple[Any, ...]]:
    link: psycopg.Connection[tuple[Any, ...]] = connection.connection
    with psycopg.Cursor(link) as cursor, psycopg.Cursor(link) as around:
        with link.pipeline():
            for each, limits in before:
                around.execute(each, limits)
            cursor.execute(statement.encode(), values, prepare=False, binary=True)
            for each in after:
                around.execute(each)
        return cursor.fetchall()
