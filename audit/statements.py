"""Statements of the hot path: values bound by the server, in binary, prepared where they repeat.

Django's own cursors write values into the statement's text. Here they are sent beside it, so that
a connection with a `prepare_threshold` has each statement planned once. All of it runs on Django's
connection of this thread, and errors are Django's.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from django.db import connection

type Values = Mapping[str, Any]


def statement_of(path: Path) -> LiteralString:
    """The statement in one of our own .sql files."""
    return path.read_text()


def array(values: Iterable[Any]) -> str:
    """A list as PostgreSQL writes it, for a value that the statement casts (`%(ids)b::uuid[]`).

    psycopg makes arrays in Python, item by item and each by its type, which takes a tenth of the
    time of a small batch. Ids, whole numbers, times, text, bytes and None; TypeError for all else.
    """
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    if isinstance(value, (UUID, int)):
        return str(value)
    if isinstance(value, datetime):
        return f'"{value.isoformat()}"'
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} in an array")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def ask(statement: LiteralString, values: Values) -> list[tuple[Any, ...]]:
    """The rows that a statement returns."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, binary=True)
        return cursor.fetchall() if cursor.description else []


def ask_all(*questions: tuple[LiteralString, Values]) -> list[list[tuple[Any, ...]]]:
    """The rows of several statements that go out in one round trip, in their order."""
    connection.ensure_connection()
    link: psycopg.Connection[tuple[Any, ...]] = connection.connection
    with connection.wrap_database_errors, link.pipeline():
        cursors = [psycopg.Cursor(link) for _ in questions]
        for cursor, (statement, values) in zip(cursors, questions, strict=True):
            cursor.execute(statement, values, binary=True)
        return [cursor.fetchall() for cursor in cursors]


@contextmanager
def together() -> Iterator[None]:
    """What is done in this block goes out in one round trip; nothing in it may need an answer.

    A statement that fails raises at the end of the block.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


@contextmanager
def planned_once() -> Iterator[None]:
    """In this block each statement of this thread's connection is planned once, for whatever
    values it is asked with: for work that asks a few statements thousands of times."""
    connection.ensure_connection()
    link: psycopg.Connection[tuple[Any, ...]] = connection.connection
    before = link.prepare_threshold
    with connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_generic_plan")
    link.prepare_threshold = 1
    try:
        yield
    finally:
        link.prepare_threshold = before
        if not link.closed and link.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            link.execute("RESET plan_cache_mode")
