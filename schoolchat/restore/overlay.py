"""The present keys, and what disposals left, over the rows of an older backup.

What lives opens again; a key that is in the database and not among the present ones is one that was
destroyed since, and stays wrapped under a generation that is no more. What still hangs on such a
key is what the replay of the journal takes away.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection
from psycopg import sql

from schoolchat.backup.bundle import Bundle
from schoolchat.backup.companion import KEYS_PART, SURVIVORS_PART
from schoolchat.backup.tables import put_rows, tables_of_keys

_CONTENT_KEYS: Final = "messaging_contentkey"
_BESIDE: Final = sql.Identifier("beside")

_REWRAP: Final = """
UPDATE {table} k SET generation = b.generation, wrapped = b.wrapped
FROM beside b WHERE b.id = k.id
"""
#: Keys made for what a disposal left; they came behind the backup.
_NEW_CONTENT_KEYS: Final = """
INSERT INTO messaging_contentkey ({columns})
SELECT {columns} FROM beside b
WHERE EXISTS (SELECT FROM messaging_channel c WHERE c.id = b.channel_id)
  AND NOT EXISTS (SELECT FROM messaging_contentkey k WHERE k.id = b.id)
"""
#: Nothing new is sealed under a key that is not the present one of its month any more.
_CURRENT: Final = """
UPDATE messaging_contentkey k SET current = false
WHERE k.current AND NOT EXISTS (SELECT FROM beside b WHERE b.id = k.id AND b.current)
"""
_SEALED_ANEW: Final = """
UPDATE {table} v SET key_id = b.key_id, sealed = b.sealed
FROM beside b WHERE b.id = v.id AND b.message_id = v.message_id AND b.number = v.number
"""
_GENERATION: Final = """
INSERT INTO audit_generation (number, made_at) VALUES (%s, now()) ON CONFLICT DO NOTHING
"""


def put_over(companion: Bundle) -> None:
    """Lay the keyring's backup over the loaded rows, in their transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_GENERATION, [companion.manifest["generation"]])
    for table, said in companion.manifest["keys"].items():
        with _beside(table, said["columns"], companion.read(f"{KEYS_PART}{table}")):
            if table == _CONTENT_KEYS:
                listed = sql.SQL(", ").join(map(sql.Identifier, said["columns"]))
                _run(_CURRENT)
                _run(_NEW_CONTENT_KEYS, columns=listed)
            _run(_REWRAP, table=sql.Identifier(table))
    for table, said in companion.manifest["survivors"].items():
        with _beside(table, said["columns"], companion.read(f"{SURVIVORS_PART}{table}")):
            _run(_SEALED_ANEW, table=sql.Identifier(table))


@contextmanager
def _beside(table: str, columns: list[str], data: Iterator[bytes]) -> Iterator[None]:
    """The rows of a part in a table of their own, `beside`, inside the block."""
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    _run(
        "CREATE TEMPORARY TABLE beside AS SELECT {columns} FROM {table} WITH NO DATA",
        columns=listed,
        table=sql.Identifier(table),
    )
    put_rows(_BESIDE, columns, data)
    _run("CREATE INDEX ON beside (id)")
    _run("ANALYZE beside")
    yield
    _run("DROP TABLE beside")


def _run(statement: str, **names: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**names))


#: What still hangs on nothing, when the journal has been replayed.
_DEAD_KEYS: Final[Mapping[str, str]] = {
    _CONTENT_KEYS: """
DELETE FROM messaging_contentkey k WHERE k.generation <> %s
  AND NOT EXISTS (SELECT FROM messaging_messageversion v WHERE v.key_id = k.id)
  AND NOT EXISTS (SELECT FROM messaging_correction n WHERE n.key_id = k.id)
""",
    "messaging_upload": "DELETE FROM messaging_upload k WHERE k.generation <> %s",
    "accounts_personalkey": "DELETE FROM accounts_personalkey k WHERE k.generation <> %s",
    "audit_recordkey": """
DELETE FROM audit_recordkey k WHERE k.generation <> %s
  AND NOT EXISTS (SELECT FROM audit_sealedrecord r WHERE r.key_id = k.id)
""",
}


def drop_dead_keys(generation: int) -> None:
    """Take away the keys that were destroyed since the backup and on which nothing hangs, and the
    names of generations that no key is under."""
    unused = sql.SQL(" AND ").join(
        sql.SQL("NOT EXISTS (SELECT FROM {} k WHERE k.generation = g.number)").format(
            sql.Identifier(table)
        )
        for table in (*tables_of_keys(), "messaging_indexkey")
    )
    with connection.cursor() as cursor:
        for statement in _DEAD_KEYS.values():
            cursor.execute(statement, [generation])
        cursor.execute(
            sql.SQL("DELETE FROM audit_generation g WHERE g.number <> %s AND {}").format(unused),
            [generation],
        )
