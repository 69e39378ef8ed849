"""PostgreSQL's own search over the same text, in a database of its own beside the product's: in
one table, and in a table of a partition a month."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import connection, transaction

from messaging.vault.bodies import EncryptionContext, unseal
from messaging.vault.keys import opened
from schoolchat.database.embedded import EmbeddedPostgres

DATABASE: Final = "plain"
_TABLE: Final = Path(__file__).with_name("plain.sql").read_text(encoding="utf-8")
_FETCH: Final = 5_000
_INDEXES: Final = (
    "CREATE INDEX ON {} USING gin (words)",
    "CREATE UNIQUE INDEX ON {} (sent_at, id)",
    "CREATE INDEX ON {} (channel, sent_at)",
)
_PARTITIONS: Final = """
SELECT format('CREATE TABLE %I PARTITION OF by_month FOR VALUES FROM (%L) TO (%L)',
              'by_month_' || to_char(month, 'YYYYMM'), month, month + interval '1 month')
FROM generate_series((SELECT date_trunc('month', min(sent_at)) FROM message),
                     (SELECT max(sent_at) FROM message), interval '1 month') month
"""
_TEXTS: Final = """
SELECT m.id, m.sent_at, m.channel_id, m.author_id, m.kind, v.number, v.sealed, k.id, k.generation,
       k.wrapped
FROM messaging_message m
JOIN messaging_messageversion v ON v.message_id = m.id AND v.number = m.version
JOIN messaging_contentkey k ON k.id = v.key_id
WHERE m.sent_at >= %s AND m.sent_at < %s AND m.kind = 'text'
"""

type Text = tuple[UUID, Any, UUID, UUID | None, str]


def texts(since: object, until: object) -> Iterator[Text]:
    """Id, time, channel, author and unsealed text of the messages of a time."""
    connection.ensure_connection()
    with transaction.atomic(), connection.connection.cursor("texts") as cursor:
        cursor.itersize = _FETCH
        cursor.execute(_TEXTS, [since, until])
        for id_, sent_at, channel, author, kind, number, sealed, *key in cursor:
            place = EncryptionContext(
                message=id_, channel=channel, author=author, sent_at=sent_at, kind=kind,
                version=number,
            )  # fmt: skip
            yield id_, sent_at, channel, author, unseal(opened(*key), place, sealed).text


def connect(data: Path, database: str = DATABASE) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection as the superuser of the folder's PostgreSQL."""
    return psycopg.connect(
        EmbeddedPostgres(data).superuser_conninfo(database), autocommit=True, prepare_threshold=None
    )


def ensure(data: Path) -> dict[str, float]:
    """Make the plain copy unless it stands; what it took, in µs a message, and its bytes."""
    with connect(data, "postgres") as server:
        there = server.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if there is None:
            server.execute(f"CREATE DATABASE {DATABASE}")
    with connect(data) as plain:
        if plain.execute("SELECT to_regclass('done')").fetchone() == (None,):
            _fill(plain)
        row = plain.execute("SELECT copied, indexed, messages FROM done").fetchone()
        assert row is not None
        sizes = plain.execute(
            "SELECT pg_table_size('message'), pg_indexes_size('message')"
        ).fetchone()
        assert sizes is not None
    copied, indexed, messages = row
    return {
        "copied": copied / messages * 1e6,
        "indexed": indexed / messages * 1e6,
        "messages": messages,
        "table": sizes[0] / messages,
        "indexes": sizes[1] / messages,
    }


def _fill(plain: psycopg.Connection[tuple[Any, ...]]) -> None:
    plain.execute("DROP TABLE IF EXISTS message, by_month")
    plain.execute(_TABLE)
    began = time.perf_counter()
    count = 0
    copy_in = "COPY message (id, sent_at, channel, author, body) FROM STDIN"
    with plain.cursor() as cursor, cursor.copy(copy_in) as copy:
        for row in texts("-infinity", "infinity"):
            copy.write_row(row)
            count += 1
    copied = time.perf_counter() - began
    plain.execute("SET maintenance_work_mem = '1GB'")
    for index in _INDEXES:
        plain.execute(index.format("message"))
    indexed = time.perf_counter() - began - copied
    for (partition,) in plain.execute(_PARTITIONS).fetchall():
        plain.execute(partition)
    plain.execute("INSERT INTO by_month SELECT * FROM message")
    for index in _INDEXES:
        plain.execute(index.format("by_month"))
    plain.execute("VACUUM ANALYZE message, by_month")
    plain.execute("CREATE TABLE done (copied float, indexed float, messages bigint)")
    plain.execute("INSERT INTO done VALUES (%s, %s, %s)", [copied, indexed, count])
