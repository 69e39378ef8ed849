"""Cleaning the record after a test that committed: the log refuses TRUNCATE, also from its owner.

The test cluster lets the owner switch triggers off for a moment; no product does.
"""

from typing import Any

from django.db import connection

from messaging.vault.keys import forget_ciphers
from tests.roles import acting_as

_KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def keep_seeds() -> None:
    """Copy the tables that the migrations filled."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS seeds")
        for table in _tables():
            cursor.execute(f'SELECT EXISTS (SELECT FROM public."{table}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE seeds."{table}" AS SELECT * FROM public."{table}"')


def clean(_case: Any = None) -> None:
    """Bring every table back to what the migrations left; one without a page has no rows."""
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'seeds'")
        seeded = {row[0] for row in cursor.fetchall()}
        statements = ["SET session_replication_role = replica"]
        for table in sorted(seeded.union(_tables("pg_relation_size(oid) > 0"))):
            statements.append(f'DELETE FROM public."{table}"')
            if table in seeded:
                statements.append(f'INSERT INTO public."{table}" SELECT * FROM seeds."{table}"')
        statements.append("SET session_replication_role = origin")
        cursor.execute(";".join(statements))
        _drop_months(cursor)
    forget_ciphers()


def _drop_months(cursor: Any) -> None:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'search'")
    for (table,) in cursor.fetchall():
        cursor.execute(f'DROP TABLE search."{table}"')


def _tables(which: str = "true") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            f" AND {which}"
        )
        return sorted(row[0] for row in cursor.fetchall() if row[0] not in _KEPT)
