"""Looking for words where they must not be: in every table, as a superuser, and in every byte."""

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from schoolchat.database.embedded import EmbeddedPostgres

_COLUMNS = """
SELECT n.nspname, c.relname,
       array_agg(a.attname::text ORDER BY a.attnum),
       array_agg(a.atttypid = 'bytea'::regtype ORDER BY a.attnum)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'm', 't')
GROUP BY n.nspname, c.relname
ORDER BY n.nspname, c.relname
"""
NESTED_DEEP = 3


def superuser() -> psycopg.Connection:
    """On the test's database, past all grants."""
    given = os.environ.get("SCHOOLCHAT_TEST_DATABASE_URL")
    conninfo = given or EmbeddedPostgres(settings.DATA_DIR).superuser_conninfo()
    name = connection.settings_dict["NAME"]
    return psycopg.connect(make_conninfo(conninfo, dbname=name), autocommit=True)


def tables_with(words: Iterable[str], to: psycopg.Connection) -> list[str]:
    """The tables, of the catalogue and of TOAST too, in which one of these words stands."""
    pattern = "|".join(words)
    to.execute("ANALYZE")  # so that what the planner remembers of values is there to be found
    found = []
    for schema, table, columns, is_bytes in to.execute(_COLUMNS).fetchall():
        shown = [
            sql.SQL("encode({}, 'escape')" if raw else "{}::text").format(sql.Identifier(column))
            for column, raw in zip(columns, is_bytes, strict=True)
        ]
        query = sql.SQL("SELECT count(*) FROM {} WHERE concat_ws(' ', {}) ~* %s").format(
            sql.Identifier(schema, table), sql.SQL(", ").join(shown)
        )
        if to.execute(query, [pattern]).fetchone() != (0,):
            found.append(f"{schema}.{table}")
    return found


def folders(to: psycopg.Connection) -> list[Path]:
    """Everything that is on disk: the data folder, and PostgreSQL's own where it lies elsewhere."""
    (row,) = to.execute("SHOW data_directory").fetchall()
    inside = Path(row[0])
    data = Path(settings.DATA_DIR)
    return [data] if inside.is_relative_to(data) else [data, inside]


def files_with(words: Iterable[str], under: Iterable[Path]) -> list[Path]:
    """The files in whose bytes, or in the unpacked bytes of an archive, a word stands."""
    wanted = [word.encode() for word in words]
    every = (path for folder in under for path in folder.rglob("*") if path.is_file())
    return [
        path for path in every if any(_holds(content, wanted) for content in _contents(_read(path)))
    ]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # PostgreSQL takes away files of its own meanwhile
        return b""


def _holds(content: bytes, wanted: list[bytes]) -> bool:
    content = content.lower()
    return any(word in content for word in wanted)


def _contents(content: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes as they are, and if they are an archive, those of its members."""
    yield content
    if depth < NESTED_DEEP:
        for member in _members(content):
            yield from _contents(member, depth + 1)


def _members(content: bytes) -> Iterator[bytes]:
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            plain = (info for info in archive.infolist() if not info.flag_bits & 1)
            yield from [archive.read(info) for info in plain]
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)
    elif content[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            opened = (archive.extractfile(member) for member in archive.getmembers())
            yield from [file.read() for file in opened if file is not None]
