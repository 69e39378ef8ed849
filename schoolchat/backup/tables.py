"""Which tables a backup has, and their rows out of the database and into it again.

Rows go as PostgreSQL's own binary COPY, by the names of their columns: `migrate` makes the tables
at the state that the backup names, so that they fit.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.db import connection
from psycopg import sql

#: What does not come back, and why.
LEFT_OUT: Final[Mapping[str, str]] = {
    "accounts_cache": "is known for some minutes",
    "accounts_failedcode": "is looked at for a day",
    "account_emailconfirmation": "is not used",
    "audit_ringholder": "names the machines of before",
    "django_migrations": "stands in the manifest",
    "django_session": "nobody stays signed in",
    "messaging_indexedmonth": "belongs to the search, which is built anew",
    "messaging_indexkey": "belongs to the search, which is built anew",
    "messaging_searchdomain": "belongs to the search, which is built anew",
    "messaging_vocabulary": "belongs to the search, which is built anew",
    "procrastinate_events": "is of jobs",
    "procrastinate_jobs": "the jobs that are due again are found again",
    "procrastinate_periodic_defers": "is of jobs",
    "procrastinate_workers": "is of jobs",
    "schoolchat_restore": "is of this installation alone",
    "usersessions_usersession": "nobody stays signed in",
}

_TABLES: Final = """
SELECT c.relname::text, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = ''
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
GROUP BY c.relname ORDER BY c.relname
"""
_SEQUENCES: Final = """
SELECT sequencename::text, last_value FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY sequencename
"""


def columns_of_tables() -> dict[str, list[str]]:
    """Every table that a backup has, with its columns in their order."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return {name: columns for name, columns in cursor.fetchall() if name not in LEFT_OUT}


def sequences() -> dict[str, int]:
    """The last value that each sequence has given."""
    with connection.cursor() as cursor:
        cursor.execute(_SEQUENCES)
        return dict(cursor.fetchall())


class Rows:
    """The rows of a table, or of a query over it, as bytes; `count` is known behind the last."""

    def __init__(self, query: sql.Composed, parameters: Any = None) -> None:
        self._statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(query)
        self._parameters = parameters
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        with connection.cursor() as cursor:
            with cursor.copy(self._statement, self._parameters) as copy:
                for data in copy:
                    yield bytes(data)
            self.count = cursor.rowcount


def rows_of(table: str, columns: Iterable[str]) -> Rows:
    """All rows of a table."""
    return Rows(sql.SQL("SELECT {} FROM {}").format(_listed(columns), sql.Identifier(table)))


def keyed_rows_of(table: str, columns: Iterable[str]) -> Rows:
    """Those rows of a table of wrapped keys that have one."""
    query = "SELECT {} FROM {} WHERE generation IS NOT NULL"
    return Rows(sql.SQL(query).format(_listed(columns), sql.Identifier(table)))


def put_rows(table: sql.Composable, columns: Iterable[str], data: Iterable[bytes]) -> int:
    """Put rows into a table; returns how many they were."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(table, _listed(columns))
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for piece in data:
                if piece:
                    copy.write(piece)
        return int(cursor.rowcount)


def _listed(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
