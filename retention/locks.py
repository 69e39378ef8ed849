"""The advisory locks of retention, in the order in which they are taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

#: Held shared by every chunk of a disposal, exclusively by what may stop one: placing a hold and
#: changing a class. sql/destroying.sql names the same number.
DESTROYING: Final = 7_101
#: Held by a move of the keyring from its beginning to its end, shared by a backup.
KEYRING: Final = 7_102
#: Held by the one run of apply_retention that destroys.
RUNNING: Final = 7_103


def stop_destroying() -> None:
    """Wait for the chunk under way and let none begin until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DESTROYING])


@contextmanager
def alone(lock: int) -> Iterator[bool]:
    """Hold a lock of the session, across transactions; yields whether it was free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        row = cursor.fetchone()
        got = bool(row and row[0])
        try:
            yield got
        finally:
            if got:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


@contextmanager
def shared(lock: int) -> Iterator[None]:
    """Hold a lock of the session together with others, across transactions; waits for whoever has
    it alone, as long as the role's `lock_timeout` lets it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [lock])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [lock])
