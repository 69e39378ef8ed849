"""The statements of a search, each with its own settings and an end.

The time that a search has is looked at between its statements. One that hangs, at a lock, on slow
disks or by a plan gone wrong, is ended by PostgreSQL itself a little later, and what was found
until then is the answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any, Final, LiteralString

import psycopg
from django.db import connection, transaction
from psycopg.errors import QueryCanceled

from audit.statements import ask

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


_deadline: ContextVar[float | None] = ContextVar("deadline of a search", default=None)


class TimeIsUp(Exception):
    """A statement of the search did not end in its time."""


def left_until(deadline: float) -> float:
    """How many seconds a statement may take that begins now, of a search that has until then."""
    return max(deadline - monotonic(), 0) + GRACE_SECONDS


@contextmanager
def until(deadline: float) -> Iterator[None]:
    """What is looked up in this block belongs to a search that has time until then."""
    outer = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(outer)


def look_up(statement: LiteralString, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that is always the same, and so is planned once. In a search it
    raises TimeIsUp as `fetch` does; elsewhere it has all the time."""
    deadline = _deadline.get()
    if deadline is None:
        return ask(statement, values)
    return fetch(statement, values, seconds=left_until(deadline), kept=True)


def fetch(
    statement: str,
    values: Mapping[str, object],
    *,
    seconds: float,
    forced: bool = False,
    kept: bool = False,
) -> list[tuple[Any, ...]]:
    """The rows of a statement, without parallel workers and, where it is `forced`, by bitmaps of
    its indexes alone.

    It goes past Django's cursor: values are bound by the server, once each, however often the
    statement names them, and nothing is prepared but what is `kept`. With its transaction it is
    one round trip.
    Raises TimeIsUp after so many seconds, and OperationalError when somebody else ends it.
    """
    connection.ensure_connection()
    ends = monotonic() + seconds
    try:
        return _fetched(statement, values, _FORCED if forced else _PLAIN, seconds, kept)
    except psycopg.OperationalError as error:
        if isinstance(error, QueryCanceled) and monotonic() >= ends:
            raise TimeIsUp from error
        with connection.wrap_database_errors:
            raise  # as Django's own cursors tell it


def _fetched(
    statement: str,
    values: Mapping[str, object],
    settings: LiteralString,
    seconds: float,
    kept: bool,
) -> list[tuple[Any, ...]]:
    limits = {"ends": str(round(seconds * 1_000))}
    if connection.in_atomic_block:
        with transaction.atomic():
            return _asked([(settings, limits)], statement, values, kept, _AS_BEFORE)
    try:
        return _asked([("BEGIN", {}), (settings, limits)], statement, values, kept, ["COMMIT"])
    except psycopg.Error:
        connection.connection.rollback()
        raise


def _asked(
    before: Sequence[tuple[LiteralString, Mapping[str, str]]],
    statement: str,
    values: Mapping[str, object],
    kept: bool,
    after: Sequence[LiteralString],
) -> list[tuple[Any, ...]]:
    link: psycopg.Connection[tuple[Any, ...]] = connection.connection
    with psycopg.Cursor(link) as cursor, psycopg.Cursor(link) as around:
        with link.pipeline():
            for each, limits in before:
                around.execute(each, limits)
            prepare = None if kept else False
            cursor.execute(statement.encode(), values, prepare=prepare, binary=True)
            for each in after:
                around.execute(each)
        return cursor.fetchall()
