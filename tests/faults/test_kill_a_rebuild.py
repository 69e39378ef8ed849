"""SIGKILL in the middle of `rebuild_search`: what lacks its index is found, the next goes on."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from accounts.models import User
from messaging.live.line import conninfo
from messaging.search.query import parse
from messaging.search.rebuild import every_month
from messaging.search.scope import Scope
from messaging.search.wholeness import lacking
from schoolchat.serving.lifeline import TREE, environment_for
from tests.faults.product import until
from tests.faults.proxy import database_url
from tests.messaging.search_scene import Scene, every_hit
from tests.scenes import channel_of

DESK = Scope(channels=None, versions=True)
HAMSTER = parse("hamster")
MONTHS = 5
#: Who waits for a lock that this connection holds.
_KEPT_WAITING = """
SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
"""


@pytest.fixture
def written(alice: User) -> Scene:
    """A hamster in each of five months, as a dump without the index brings them back."""
    scene = Scene()
    channel = channel_of(alice)
    for number in range(MONTHS):
        for text in ("The hamster has escaped", "One more hamster", "A gerbil"):
            scene.write(alice, channel, days_ago=number * 31, text=text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'search'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'DELETE FROM search."{table}"')
        cursor.execute("DELETE FROM messaging_vocabulary")
    return scene


@contextmanager
def _rebuilding() -> Iterator[subprocess.Popen[str]]:
    """The command itself, on the test's database."""
    with subprocess.Popen(
        [sys.executable, str(TREE / "manage.py"), "rebuild_search"],
        env={**environment_for("worker"), "DATABASE_URL": database_url()},
        cwd="/",
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def _holding(lock: str) -> Iterator[psycopg.Connection[tuple[int]]]:
    with psycopg.connect(conninfo()) as holding:
        holding.execute(lock.encode())
        yield holding


def _kept_waiting(by: psycopg.Connection[tuple[int]]) -> list[int]:
    return [pid for (pid,) in by.execute(_KEPT_WAITING)]


def _is_at_work(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
        return bool(cursor.fetchone()[0])


def _months() -> list[date]:
    return [month for _, month in lacking()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.database_role("worker")
def test_a_rebuild_that_was_killed_is_found_and_gone_on_with_and_no_message_is_missing(
    written: Scene,
) -> None:
    wanted = written.scan(DESK, HAMSTER)
    order = [month for _, month in sorted(every_month(), key=repr)]
    assert _months() == order
    assert every_hit(DESK, HAMSTER) == []

    # It comes to the third month, takes away what stood there, and is killed before it has read it.
    with (
        _rebuilding() as process,
        _holding(f"SELECT FROM messaging_indexkey WHERE month = '{order[2]}' FOR UPDATE") as month,
    ):
        until(lambda: _kept_waiting(month) != [])
        (pid,) = _kept_waiting(month)
        with _holding("LOCK TABLE messaging_correction") as reading:
            month.rollback()
            until(lambda: _kept_waiting(reading) == [pid])
            process.kill()
            process.wait()
    until(lambda: not _is_at_work(pid))

    assert _months() == order[2:]
    done = {month for month in order if month not in _months()}
    found = every_hit(DESK, HAMSTER)
    assert found == [at for at in wanted if at.sent_at.date().replace(day=1) in done]
    assert len(found) == 4

    with _rebuilding() as process:
        said, _ = process.communicate()
    assert process.returncode == 0
    assert "going on with the rebuild" in said
    assert "indexed 9 texts in 3 places and months" in said
    assert _months() == []
    assert every_hit(DESK, HAMSTER) == wanted
    assert not (Path(settings.DATA_DIR) / "rebuild_search.began").exists()
