"""What keeps the log from being sealed, or a restore from being declared, is said in a sentence
that goes on to what can be done about it."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit.actions import Action
from audit.models import Checkpoint, Leaf, Origin, Tile, Unsealed
from audit.services import Act, record_all
from audit.signed_head import head_file
from audit.tree.tiles import TILE_WIDTH
from tests.roles import acting_as

pytestmark = pytest.mark.django_db(transaction=True)

SIGNED = TILE_WIDTH + 44
RUBBISH = {
    "empty": b"",
    "no JSON": b"rubbish",
    "no text": b"\xff\xfe",
    "a list": b"[1, 2]",
    "without a root": b'{"origin": "schoolchat/1", "size": 3}',
    "a root that is none": b'{"origin": "schoolchat/1", "size": 3, "root": "xyz"}',
}


def enter(count: int) -> None:
    act = Act(action=Action.SIGNED_IN, actor=uuid4(), subject=None, facts={"method": "mfa"})
    with transaction.atomic():
        record_all([act] * count)


def seal_log() -> None:
    with acting_as("sealer"):
        call_command("seal_log")


def declare_restore(**options: object) -> None:
    with acting_as("owner"):
        call_command("declare_restore", **options)


def take_out(table: str, where: str) -> None:
    """By somebody who owns the database and has switched its triggers off."""
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"DELETE FROM {table} WHERE {where}")
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture(autouse=True)
def _signed() -> None:
    enter(SIGNED)
    seal_log()


def nothing_was_begun() -> bool:
    return Origin.objects.count() == Checkpoint.objects.count() == 1


@pytest.mark.parametrize("rubbish", [*RUBBISH.values()], ids=RUBBISH)
@pytest.mark.parametrize("command", [seal_log, declare_restore])
def test_a_memory_that_cannot_be_read(command: Callable[[], None], rubbish: bytes) -> None:
    head_file().write_bytes(rubbish)
    enter(1)
    with pytest.raises(
        CommandError, match=r"cannot be read: put it back.* It is .*signed-head\.json"
    ):
        command()
    assert nothing_was_begun()


def test_a_memory_that_was_put_back_is_one_again() -> None:
    kept = head_file().read_bytes()
    head_file().write_bytes(b"rubbish")
    with pytest.raises(CommandError):
        seal_log()
    head_file().write_bytes(kept)
    enter(1)
    seal_log()
    assert Checkpoint.objects.latest("size").size == SIGNED + 1


def test_a_memory_that_was_removed_is_missed_until_the_restore_is_declared() -> None:
    head_file().unlink()
    enter(1)
    with pytest.raises(CommandError, match=r"is missing: put it back.* It is .*signed-head\.json"):
        seal_log()
    declare_restore()
    seal_log()
    assert Origin.objects.count() == 2


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (seal_log, "were taken out of the log.* Run manage.py verify_audit"),
        (declare_restore, "is not whole.* Restore another backup"),
    ],
)
def test_leaves_that_were_taken_out(command: Callable[[], None], said: str) -> None:
    take_out("audit_leaf", f"number = {SIGNED - 10}")
    enter(1)
    with pytest.raises(CommandError, match=said):
        command()
    assert nothing_was_begun()


@pytest.mark.parametrize("command", [seal_log, declare_restore])
def test_a_tile_that_was_taken_out_with_a_leaf_below_it(command: Callable[[], None]) -> None:
    take_out("audit_leaf", "number = 7")
    take_out("audit_tile", "true")
    enter(1)
    with pytest.raises(CommandError, match="verify_audit"):
        command()
    assert nothing_was_begun()
    assert (Tile.objects.count(), Unsealed.objects.count()) == (0, 1)
    assert Leaf.objects.count() == SIGNED - 1


def _missing(folder: Path) -> Path:
    return folder / "none.txt"


def _folder(folder: Path) -> Path:
    return folder


def _not_text(folder: Path) -> Path:
    (folder / "checkpoint").write_bytes(b"\xff\xfe\x00")
    return folder / "checkpoint"


@pytest.mark.parametrize("file", [_missing, _folder, _not_text])
def test_a_checkpoint_that_cannot_be_read(file: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"cannot be read\. Name the file of a checkpoint"):
        declare_restore(checkpoint=file(tmp_path))
    assert nothing_was_begun()


def test_a_file_that_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear governors,\n")
    with pytest.raises(CommandError, match="The file is not a checkpoint"):
        declare_restore(checkpoint=tmp_path / "letter")
    assert nothing_was_begun()
