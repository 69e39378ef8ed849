"""A sealer that is killed, at whatever line, leaves a log that verifies and goes on."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction

from audit.actions import Action
from audit.models import Checkpoint, Leaf, Tile
from audit.services import Act, record_all
from audit.signed_head import head_file
from audit.signing import sign_checkpoint
from audit.verification.log import wrong_log
from tests import records
from tests.faults.proxy import database_url
from tests.roles import acting_as

pytestmark = pytest.mark.django_db(transaction=True)

#: Two of them fill a tile.
ROUND = 140


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


def begun() -> None:
    """A log that was sealed and signed once, and entries that fill its first tile."""
    records.clean()
    head_file().unlink(missing_ok=True)
    enter(ROUND)
    with acting_as("sealer"):
        sign_checkpoint()
    enter(ROUND)


def wrong() -> list[str]:
    return [str(one) for one in wrong_log()]


def test_killed_at_every_line_it_leaves_a_log_that_verifies_and_goes_on() -> None:
    killed = 0
    with sealers() as seal:
        while True:
            begun()
            if seal(killed + 1) != "killed":
                break
            killed += 1
            assert wrong() == []
            with acting_as("sealer"):
                sign_checkpoint()
            assert wrong() == []
            assert Leaf.objects.count() == Checkpoint.objects.latest("size").size == 2 * ROUND
            assert Tile.objects.count() == 1
    assert killed > 90
