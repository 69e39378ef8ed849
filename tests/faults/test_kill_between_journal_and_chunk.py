"""SIGKILL between what the journal says and what the database does: the next run takes it up."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from accounts.models import User
from audit.journal.lines import Act
from audit.journal.shipping import SHIPPING
from audit.models import JournalLine
from messaging.live.line import conninfo
from retention.models import Certificate, Disposal, DisposalChunk
from schoolchat.serving.lifeline import TREE, environment_for
from tests.faults.product import until
from tests.faults.proxy import database_url
from tests.retention.conftest import Clock, at  # noqa: F401  (a fixture)
from tests.retention.journal import acts
from tests.retention.scenes import WORDS, approved, past_channel, words_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

_KEPT_WAITING = """
SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
"""


@contextmanager
def _disposing() -> Iterator[subprocess.Popen[str]]:
    """The command itself, on the test's database."""
    with subprocess.Popen(
        [sys.executable, str(TREE / "manage.py"), "apply_retention"],
        env={**environment_for("disposer"), "DATABASE_URL": database_url()},
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


def _waits_for(holding: psycopg.Connection[tuple[int]]) -> bool:
    return bool(holding.execute(_KEPT_WAITING).fetchall())


def _others_are_gone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
        return not cursor.fetchone()[0]


def _goes_on() -> None:
    until(_others_are_gone)
    with _disposing() as process:
        process.communicate()
    assert process.returncode == 0


def test_killed_after_the_intention_and_before_the_commit_it_is_withdrawn_and_begun_anew(
    at: Clock,  # noqa: F811
    alice: User,
    hari: User,
    helen: User,
) -> None:
    channel = past_channel(at, alice)
    approved(hari, helen)
    lock = f"SELECT FROM messaging_channel WHERE id = '{channel.id}' FOR UPDATE"
    with _disposing() as process, _holding(lock) as holding:
        until(lambda: _waits_for(holding))
        process.kill()
        process.wait()
    assert acts() == [Act.DISPOSAL_INTENDED]
    assert words_in(channel) == len(WORDS)

    _goes_on()
    assert acts() == [
        Act.DISPOSAL_INTENDED,
        Act.DISPOSAL_WITHDRAWN,
        Act.DISPOSAL_INTENDED,
        Act.DISPOSAL_DONE,
    ]
    assert words_in(channel) == 0
    assert Certificate.objects.get().document["messages"] == len(WORDS)


def test_killed_after_the_commit_its_end_goes_out_before_any_key_dies(
    at: Clock,  # noqa: F811
    alice: User,
    hari: User,
    helen: User,
) -> None:
    channel = past_channel(at, alice)
    approved(hari, helen)
    lock = f"SELECT FROM messaging_channel WHERE id = '{channel.id}' FOR UPDATE"
    with _disposing() as process, _holding(lock) as destroying:
        until(lambda: _waits_for(destroying))
        with _holding(f"SELECT pg_advisory_lock({SHIPPING})") as shipping:
            destroying.rollback()
            until(lambda: _waits_for(shipping))
            process.kill()
            process.wait()
    assert words_in(channel) == 0
    assert DisposalChunk.objects.get().done_at is not None
    assert acts() == [Act.DISPOSAL_INTENDED]
    assert JournalLine.objects.get(line=None).act == Act.DISPOSAL_DONE
    assert Disposal.objects.get().state == Disposal.State.EXECUTING

    _goes_on()
    assert acts() == [Act.DISPOSAL_INTENDED, Act.DISPOSAL_DONE]
    assert Certificate.objects.get().document["messages"] == len(WORDS)
