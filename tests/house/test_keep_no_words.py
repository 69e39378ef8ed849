"""No word of a message, a search or a reason stands in the database or on its disk."""

import gzip
import io
import secrets
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from retention.services.exports import approve_export
from retention.workers.writing import write_export
from tests.cast import client_of
from tests.house.disk import files_with, folders, superuser, tables_with
from tests.house.world import CONTENT, REASONS, World, make_world
from tests.roles import acting_as

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = [word.strip("*") for word in (*CONTENT, *REASONS)]


@pytest.fixture
def to(transactional_db: None) -> Iterator[psycopg.Connection]:
    with superuser() as connection:
        yield connection


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder among the product's data, for what a test lays there."""
    folder = settings.DATA_DIR / "planted"
    folder.mkdir()
    yield folder
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def _live_a_day(world: World, bundle: Path) -> None:
    """Searches by the pages, and an export approved and written."""
    client_of(world.bob).get("/search/", {"q": CONTENT[0]})
    reason = f"What was said at the gate, {REASONS[1]}"
    form = {"reason": reason, "words": CONTENT[1], "span": "all"}
    found = client_of(world.dana).post("/safeguarding/searches/new/", form, follow=True)
    assert CONTENT[1] in found.content.decode()
    approve_export(by=world.helen, number=world.export.number)
    with acting_as("worker"):
        write_export(number=world.export.number, out=bundle)


def test_nobody_finds_a_word_in_a_table_an_index_the_wal_or_a_file(
    to: psycopg.Connection, outside: Path, movable_keyring: Path
) -> None:
    _live_a_day(make_world(), outside / "bundle.zip")
    assert tables_with(WORDS, to) == []
    to.execute("CHECKPOINT")
    assert files_with(WORDS, folders(to)) == []


def test_the_same_search_finds_what_stands_in_the_clear(
    to: psycopg.Connection, outside: Path
) -> None:
    """In a table, an index, the WAL, and an archive inside an archive: else it proves nothing."""
    word = f"canary{secrets.token_hex(8)}"
    to.execute("CREATE TABLE public.planted (said text, raw bytea)")
    try:
        to.execute("CREATE INDEX planted_said ON public.planted (said)")
        to.execute("INSERT INTO public.planted VALUES (%s, %s)", [word, word.encode()])
        _plant_archive(outside / "old.sql.gz", word)
        to.execute("CHECKPOINT")
        assert "public.planted" in tables_with([word], to)
        found = files_with([word], folders(to))
        assert {_file_of("planted", to), _file_of("planted_said", to)} <= set(found)
        assert [path for path in found if path.parent.name == "pg_wal"]
        assert outside / "old.sql.gz" in found
    finally:
        to.execute("DROP TABLE public.planted")


def _plant_archive(path: Path, word: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("transcript.txt", f"and then {word} was said " * 20)
    path.write_bytes(gzip.compress(packed.getvalue()))
    assert word.encode() not in path.read_bytes()


def _file_of(relation: str, to: psycopg.Connection) -> Path:
    (row,) = to.execute(
        "SELECT current_setting('data_directory') || '/' || pg_relation_filepath(%s::regclass)",
        [f"public.{relation}"],
    ).fetchall()
    return Path(row[0])
