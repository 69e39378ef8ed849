"""Several questions that see one state."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg import IsolationLevel


@contextmanager
def one_state() -> Iterator[None]:
    """A read-only transaction in which all questions see one state, so that what they say fits
    together. BEGIN carries the level: it costs no question of its own."""
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    own: Any = connection.connection
    own.isolation_level, own.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        with transaction.atomic():
            yield
    finally:
        # The connection goes back to a pool, where the next one may want to write.
        if not own.closed:
            own.isolation_level = own.read_only = None
