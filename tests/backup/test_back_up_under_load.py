"""The command itself, on the test's database, while people write, and killed in the middle."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest

from accounts.models import User
from audit.journal.places import Folder
from audit.signing import sign_checkpoint
from messaging.live.line import conninfo
from messaging.models import Message
from retention.exceptions import MoveBlocked
from retention.keyring_move import move_keyring
from schoolchat.backup.models import Backup
from schoolchat.restore.restoring import restore
from schoolchat.serving.lifeline import TREE, environment_for
from tests.backup.conftest import Elsewhere, Places
from tests.faults.product import until
from tests.faults.proxy import database_url
from tests.scenes import channel_of, say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

#: A table that is read for the keyring's backup, and the last one that is read at all.
_KEYS, _LAST = "audit_recordkey", "schoolchat_drill"
_KEPT_WAITING = """
SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
"""

type AsRole = Callable[[str], AbstractContextManager[None]]


@contextmanager
def _backing_up(places: Places) -> Iterator[subprocess.Popen[bytes]]:
    arguments = ["backup", str(places.rows), "--keyring", str(places.keys)]
    with subprocess.Popen(
        [sys.executable, str(TREE / "manage.py"), *arguments],
        env={**environment_for("backup"), "DATABASE_URL": database_url()},
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def in_the_middle(places: Places, at: str = _LAST) -> Iterator[subprocess.Popen[bytes]]:
    """A backup that waits for the block to end where it reads a table, with its snapshot taken."""
    with psycopg.connect(conninfo()) as holding, _backing_up(places) as process:
        holding.execute(f"LOCK TABLE {at}")
        until(lambda: holding.execute(_KEPT_WAITING).fetchone() is not None)
        yield process
        holding.rollback()
        process.wait()


@pytest.mark.database_role("owner")
def test_what_is_written_meanwhile_is_in_the_next_one(
    elsewhere: Elsewhere, places: Places, as_role: AsRole, alice: User, bob: User
) -> None:
    channel = channel_of(alice, bob)
    say(alice, channel, "Before the backup")
    with as_role("sealer"):
        sign_checkpoint()
    before = set(Message.objects.values_list("id", flat=True))
    with in_the_middle(places) as process:
        for number in range(5):
            say(bob, channel, f"Meanwhile {number}")
        # The keyring has been copied, and may move on.
        move_keyring()
    assert process.returncode == 0
    assert Backup.objects.get().messages == len(before)
    with elsewhere():
        restored = restore(places.rows, keyring_place=places.keys, journal=Folder(places.journal))
        assert restored.problems == ()
        assert set(Message.objects.values_list("id", flat=True)) == before


@pytest.mark.database_role("owner")
def test_the_keyring_stays_while_it_is_copied(places: Places, alice: User) -> None:
    say(alice, channel_of(alice), "Here")
    with in_the_middle(places, _KEYS) as process:
        with pytest.raises(MoveBlocked, match="being moved or backed up"):
            move_keyring()
    assert process.returncode == 0
    move_keyring()


@pytest.mark.database_role("owner")
def test_one_that_is_killed_leaves_nothing_that_looks_like_a_backup(
    places: Places, alice: User
) -> None:
    say(alice, channel_of(alice), "Here")
    with in_the_middle(places) as process:
        process.kill()
        process.wait()
    assert not Backup.objects.exists()
    left = [one.name for place in (places.rows, places.keys) for one in place.iterdir()]
    assert [name for name in left if not name.startswith(".")] == []
    assert any(name.startswith(".unfinished-") for name in left)

    with _backing_up(places) as process:
        process.wait()
    assert process.returncode == 0
    names = {one.name for place in (places.rows, places.keys) for one in place.iterdir()}
    assert names == {".lock", ".place", "files", Backup.objects.get().name}
