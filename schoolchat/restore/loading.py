"""The rows of a backup into an empty database, in one transaction: all of them or none.

The tables' own triggers are switched off meanwhile, since what they guard happened long ago, and
references are taken away and made anew behind the last row, which checks every one of them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import IntegrityError, connection
from psycopg import sql

from schoolchat.backup.bundle import Bundle
from schoolchat.backup.errors import BackupRefused
from schoolchat.backup.making import TABLE_PART
from schoolchat.backup.tables import columns_of_tables, put_rows

_REFERENCES: Final = """
SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)
FROM pg_constraint c
WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND c.conparentid = 0
ORDER BY 1, 2
"""
_HANGING: Final = ("messaging_hanging", "retention_hanging")
_SEQUENCES: Final = """
SELECT s.relname::text, t.relname::text, a.attname::text
FROM pg_class s
LEFT JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass
    AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class t ON t.oid = d.refobjid
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace
"""


@contextmanager
def unguarded() -> Iterator[None]:
    """Without references between tables and without their triggers, in the caller's transaction;
    both are back at the end of the block."""
    tables = [sql.Identifier(name) for name in columns_of_tables()]
    with connection.cursor() as cursor:
        cursor.execute(_REFERENCES)
        references = cursor.fetchall()
        for table, name, _definition in references:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for each in tables:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(each))
    yield
    with connection.cursor() as cursor:
        for each in tables:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(each))
        for table, name, definition in references:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    _refuse_what_hangs()


def _refuse_what_hangs() -> None:
    """What refers to a message without a reference is asked by views. A former version had none of
    them where it had references."""
    with connection.cursor() as cursor:
        for view in _HANGING:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [view])
            if cursor.fetchone()[0]:
                name = sql.Identifier(view)
                cursor.execute(sql.SQL("SELECT hanging FROM {} LIMIT 1").format(name))
                if found := cursor.fetchone():
                    raise IntegrityError(f"{found[0]} refers to a message that is not there")


def load(bundle: Bundle) -> None:
    """Put the rows of every table of the backup in the place of what a new installation has."""
    tables: Mapping[str, Mapping[str, Any]] = bundle.manifest["tables"]
    if unknown := tables.keys() - columns_of_tables().keys():
        raise BackupRefused(
            f"The backup holds tables that this version does not have ({', '.join(sorted(unknown))}"
            "): install the version of SchoolChat that made it, or a later one."
        )
    for table, said in tables.items():
        name = sql.Identifier(table)
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("DELETE FROM {}").format(name))
        put = put_rows(name, said["columns"], bundle.read(f"{TABLE_PART}{table}"))
        if put != said["rows"]:
            raise BackupRefused(
                f"{bundle.folder} holds {put} rows of {table} and says {said['rows']}: take "
                "another copy of it."
            )


def set_sequences(values: Mapping[str, int]) -> None:
    """No number is given twice: each sequence goes on behind what the backup says, and behind what
    stands in its column."""
    with connection.cursor() as cursor:
        cursor.execute(_SEQUENCES)
        for sequence, table, column in cursor.fetchall():
            highest = values.get(sequence, 0)
            if table:
                cursor.execute(
                    sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(
                        sql.Identifier(column), sql.Identifier(table)
                    )
                )
                highest = max(highest, cursor.fetchone()[0])
            if highest > 0:
                cursor.execute("SELECT setval(%s::regclass, %s)", [f'"{sequence}"', highest])
