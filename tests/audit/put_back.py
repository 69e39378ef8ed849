"""A database that is put back to an earlier state, as `pg_restore` of a backup does."""

from uuid import uuid4

from django.db import connection, transaction

from audit.actions import Action
from audit.models import Checkpoint
from audit.services import Act, record_all
from audit.signing import sign_checkpoint
from audit.tree.tiles import TILE_WIDTH
from audit.verification.log import wrong_log
from audit.verification.outside import kept_checkpoint, wrong_beside
from tests.roles import acting_as

#: So many entries the log held when a head was signed.
YESTERDAY, TODAY = 300, 400


def enter(count: int) -> None:
    """So many entries, in one transaction."""
    with transaction.atomic():
        record_all(
            [
                Act(action=Action.SIGNED_IN, actor=uuid4(), subject=None, facts={"method": "mfa"})
                for _ in range(count)
            ]
        )


def signed() -> Checkpoint:
    """Seal what waits, and sign the head."""
    with acting_as("sealer"):
        checkpoint = sign_checkpoint()
    assert checkpoint is not None
    return checkpoint


def put_back(size: int) -> None:
    """To when the log had so many entries, all of it under its first name."""
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "DELETE FROM audit_entry e USING audit_leaf l WHERE l.entry_id = e.id AND number >= %s",
            [size],
        )
        cursor.execute("DELETE FROM audit_leaf WHERE number >= %s", [size])
        cursor.execute("DELETE FROM audit_checkpoint WHERE size > %s OR origin > 1", [size])
        cursor.execute(
            "DELETE FROM audit_tile WHERE (index + 1) * %s > %s OR origin > 1", [TILE_WIDTH, size]
        )
        cursor.execute("DELETE FROM audit_origin WHERE number > 1")
        cursor.execute("SET session_replication_role = origin")


def wrong(note: str | None = None) -> list[str]:
    """What is wrong with the log; `note` is a checkpoint that was kept outside."""
    outside = wrong_beside(kept_checkpoint(note), "The checkpoint kept outside") if note else ()
    return [str(one) for one in (*outside, *wrong_log())]
