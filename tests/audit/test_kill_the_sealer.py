"""A sealer that is killed, at whatever line, leaves a log that verifies and goes on."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction

from audit.actions import Action
from audit.models import Checkpoint, Leaf, Tile
from audit.services import Act, record_all
from audit.signed_head import head_file
from audit.signing import sign_checkpoint
from audit.verification.log import wrong_log
from tests.faults.proxy import database_url
from tests.roles import acting_as

pytestmark = pytest.mark.django_db(transaction=True)

#: Two of them fill a tile.
ROUND = 140
#: What sealing and signing write; entries stay as they are.
WRITTEN = ("audit_unsealed", "audit_leaf", "audit_tile", "audit_checkpoint")


@contextmanager
def sealers() -> Iterator[Callable[[int], str]]:
    """Calls a sealer that dies at that line; returns what became of it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.audit.killed_sealer"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "SCHOOLCHAT_DB_ROLE": "owner",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None

    def seal(line: int) -> str:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    with process:
        yield seal
        process.stdin.close()


def enter(count: int) -> None:
    with transaction.atomic():
        record_all(
            [
                Act(action=Action.SIGNED_IN, actor=uuid4(), subject=None, facts={"method": "mfa"})
                for _ in range(count)
            ]
        )


@contextmanager
def begun(head: Path) -> Iterator[Callable[[], None]]:
    """A log that was sealed and signed once, and entries that fill its first tile; yields what
    brings it back to that, the signer's memory by its copy `head`."""
    enter(ROUND)
    with acting_as("sealer"):
        sign_checkpoint()
    enter(ROUND)
    shutil.copy(head_file(), head)
    _as_owner("CREATE SCHEMA begun", *(f"CREATE TABLE begun.{t} AS TABLE {t}" for t in WRITTEN))

    def again() -> None:
        back = [f"DELETE FROM {t}; INSERT INTO {t} SELECT * FROM begun.{t}" for t in WRITTEN]
        _as_owner(
            "SET session_replication_role = replica",
            *back,
            "SET session_replication_role = origin",
        )
        shutil.copy(head, head_file())

    try:
        yield again
    finally:
        _as_owner("DROP SCHEMA begun CASCADE")


def _as_owner(*statements: str) -> None:
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("; ".join(statements))


def wrong() -> list[str]:
    return [str(one) for one in wrong_log()]


def test_killed_at_every_line_it_leaves_a_log_that_verifies_and_goes_on(tmp_path: Path) -> None:
    killed = 0
    with sealers() as seal, begun(tmp_path / "head.json") as again:
        while seal(killed + 1) == "killed":
            killed += 1
            assert wrong() == []
            with acting_as("sealer"):
                sign_checkpoint()
            assert wrong() == []
            assert Leaf.objects.count() == Checkpoint.objects.latest("size").size == 2 * ROUND
            assert Tile.objects.count() == 1
            again()
    assert killed > 28
