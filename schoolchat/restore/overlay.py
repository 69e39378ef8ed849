"""The present keys, and what disposals left, over the rows of an older backup.

What lives opens again. A key that is in the backup and not among the present ones was destroyed
since: it is put under generation 0, which no keyring has, until the journal has been replayed and
what hangs on it is gone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection
from psycopg import sql

from retention.keyring_move import WRAPPED
from schoolchat.backup.bundle import Bundle
from schoolchat.backup.companion import (
    CERTIFICATES,
    CERTIFICATES_PART,
    KEYS_PART,
    PLACES,
    PLACES_PART,
    SURVIVORS_PART,
)
from schoolchat.backup.tables import put_rows

_DESTROYED: Final = 0
_CONTENT_KEYS: Final = "messaging_contentkey"
_BESIDE: Final = sql.Identifier("beside")

_REWRAP: Final = """
UPDATE {table} k SET generation = b.generation, wrapped = b.wrapped
FROM beside b WHERE b.{id} = k.{id}
"""
_DIE: Final = """
UPDATE {table} k SET generation = %s
WHERE k.generation IS NOT NULL AND NOT EXISTS (SELECT FROM beside b WHERE b.{id} = k.{id})
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
#: Of after the backup; one whose disposal is not here cannot stand beside the others.
_LOST: Final = """
INSERT INTO retention_lostcertificate ({columns})
SELECT {columns} FROM beside b
WHERE NOT EXISTS (SELECT FROM retention_certificate c WHERE c.number = b.number)
ON CONFLICT DO NOTHING
"""
#: Of after the backup, too, or moved since.
_PLACES: Final = """
INSERT INTO retention_keyringplace (uid, folder, mark) SELECT uid, folder, mark FROM beside
ON CONFLICT (uid) DO UPDATE SET folder = EXCLUDED.folder, mark = EXCLUDED.mark
"""
_GENERATIONS: Final = """
INSERT INTO audit_generation (number, made_at) VALUES (%s, now()), (%s, now())
ON CONFLICT DO NOTHING
"""
#: With the key goes what it was for; a table that is not here keeps its rows, without a key.
_GO: Final = """
DELETE FROM {table} WHERE generation = %s
"""
_GOING: Final = (
    "messaging_keptdraft", "messaging_waitingtext", "messaging_upload", "accounts_personalkey",
)  # fmt: skip
_HANGING: Final = {
    _CONTENT_KEYS: ("messaging_messageversion", "messaging_correction"),
    "audit_recordkey": ("audit_sealedrecord",),
}


def put_over(companion: Bundle) -> None:
    """Lay the keyring's backup over the loaded rows, in a transaction with that they are loaded."""
    with connection.cursor() as cursor:
        cursor.execute(_GENERATIONS, [_DESTROYED, companion.manifest["generation"]])
    for table, said in companion.manifest["keys"].items():
        names: dict[str, Any] = {
            "table": sql.Identifier(table),
            "id": sql.Identifier(WRAPPED[table]),
        }
        with _beside(table, said["columns"], companion.read(f"{KEYS_PART}{table}")):
            _run(_DIE, [_DESTROYED], **names)
            if table == _CONTENT_KEYS:
                _run(_CURRENT)
                _run(_NEW_CONTENT_KEYS, columns=_listed(said["columns"]))
            _run(_REWRAP, **names)
    for table, said in companion.manifest["survivors"].items():
        with _beside(table, said["columns"], companion.read(f"{SURVIVORS_PART}{table}")):
            _run(_SEALED_ANEW, table=sql.Identifier(table))
    if CERTIFICATES_PART in companion.parts:  # a former version's has none
        columns, signed = list(CERTIFICATES), companion.read(CERTIFICATES_PART)
        with _beside("retention_lostcertificate", columns, signed):
            _run(_LOST, columns=_listed(columns))
    if PLACES_PART in companion.parts:
        places = companion.read(PLACES_PART)
        with _beside("retention_keyringplace", list(PLACES), places):
            _run(_PLACES)


def drop_dead_keys() -> None:
    """Take away the keys that were destroyed since the backup, where nothing hangs on them any
    more, with what they were for, and the names of generations that no key is under."""
    for table in _GOING:
        _run(_GO, [_DESTROYED], table=sql.Identifier(table))
    _run("UPDATE retention_export SET generation = NULL, wrapped = NULL, sealed = NULL"
         " WHERE generation = %s", [_DESTROYED])  # fmt: skip
    for table, hanging in _HANGING.items():
        statement = sql.SQL(_GO).format(table=sql.Identifier(table))
        for other in hanging:
            statement += sql.SQL(
                " AND NOT EXISTS (SELECT FROM {other} o WHERE o.key_id = {table}.id)"
            ).format(other=sql.Identifier(other), table=sql.Identifier(table))
        with connection.cursor() as cursor:
            cursor.execute(statement, [_DESTROYED])
    used = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT generation FROM {}").format(sql.Identifier(table)) for table in WRAPPED
    )
    _run(
        "DELETE FROM audit_generation g"
        " WHERE NOT EXISTS (SELECT FROM ({used}) k WHERE k.generation = g.number)"
        " AND g.number < (SELECT max(number) FROM audit_generation)",
        used=used,
    )


@contextmanager
def _beside(table: str, columns: list[str], data: Iterator[bytes]) -> Iterator[None]:
    """The rows of a part in a table of their own, `beside`, inside the block."""
    _run(
        "CREATE TEMPORARY TABLE beside AS SELECT {columns} FROM {table} WITH NO DATA",
        columns=_listed(columns),
        table=sql.Identifier(table),
    )
    put_rows(_BESIDE, columns, data)
    _run("CREATE INDEX ON beside ({id})", id=sql.Identifier(columns[0]))
    _run("ANALYZE beside")
    yield
    _run("DROP TABLE beside")


def _listed(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _run(statement: str, parameters: list[Any] | None = None, **names: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**names), parameters)
