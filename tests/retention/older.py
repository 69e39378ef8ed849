"""An older database in the place of the present one: its tables are kept aside, and put back.

What a test commits in between is lost, as with a restore; the journal's folder is not touched.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection

from audit.journal.shipping import ship
from messaging.search.domains import forget_keys
from messaging.search.words import forget_words
from messaging.vault.keys import forget_ciphers
from tests.roles import acting_as

type Restored = Callable[[], AbstractContextManager[None]]

_NOT_OURS = {"django_migrations"}


@contextmanager
def backup() -> Iterator[None]:
    """The tables as they are at the beginning of the block are those at its end."""
    with acting_as("owner"):
        _copy()
    yield
    with acting_as("owner"):
        _put_back()
    forget_ciphers()
    forget_keys()
    forget_words()


def shipped() -> None:
    """What waits is shipped as the worker does it."""
    with acting_as("worker"):
        ship()


def _copy() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS backup CASCADE")
        cursor.execute("CREATE SCHEMA backup")
        for table in _tables():
            cursor.execute(f'CREATE TABLE backup."{table}" AS SELECT * FROM public."{table}"')


def _put_back() -> None:
    statements = ["SET session_replication_role = replica"]
    for table in _tables():
        statements.append(f'DELETE FROM public."{table}"')
        statements.append(
            f'INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE SELECT * FROM backup."{table}"'
        )
    statements += ["SET session_replication_role = origin", "DROP SCHEMA backup CASCADE"]
    with connection.cursor() as cursor:
        cursor.execute(";".join(statements))


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return sorted(row[0] for row in cursor.fetchall() if row[0] not in _NOT_OURS)
