"""Restores upon restores, a signer without memory, and restores that there never were."""

from dataclasses import replace

import pytest
from django.db import connection, transaction
from uuid_utils.compat import uuid7

from audit.actions import Action
from audit.checkpoints import note_of
from audit.clock import now
from audit.declarations import declarations
from audit.models import Checkpoint, Entry, Leaf, Origin, Unsealed
from audit.origins import PREFIX, current_tree
from audit.restores import declare_restore
from audit.services import record
from audit.signed_head import (
    SignedHead,
    SignedHeadMissing,
    SignedHeadUnreadable,
    head_file,
    remember,
    remembered,
    sign,
)
from audit.signing import sign_checkpoint
from audit.tiles import root_of
from audit.verification.outside import kept_checkpoint
from tests.audit.put_back import TODAY, YESTERDAY, enter, put_back, signed, wrong
from tests.roles import acting_as

pytestmark = pytest.mark.django_db(transaction=True)


def declared(**known: object) -> Entry:
    with acting_as("owner"):
        return declare_restore(**known)  # type: ignore[arg-type]


def test_two_declarations_before_a_head_is_signed_do_not_stop_the_sealer(kept: str) -> None:
    declared()
    declared()
    assert signed().origin == 3
    assert wrong(kept) == []


def test_a_backup_from_before_an_earlier_restore_names_the_log_that_is_lost(kept: str) -> None:
    declared()
    enter(50)
    second = note_of(signed())
    put_back(YESTERDAY - 100)
    assert "does not know" in wrong(second)[0]
    entry = declared()
    assert entry.facts["known_origin"] == kept_checkpoint(second).origin.removeprefix(PREFIX)
    assert entry.facts["gap"] == 51
    after = note_of(signed())
    assert wrong(second) == []
    assert wrong(after) == []
    # Of the log before it, nothing was known to the signer any more.
    assert "rolled back" in wrong(kept)[0]


def test_what_the_governors_kept_can_be_declared_after_it(kept: str) -> None:
    declared()
    enter(50)
    signed()
    put_back(YESTERDAY - 100)
    declared()
    declared(known=kept_checkpoint(kept))
    signed()
    assert wrong(kept) == []


def test_without_its_memory_the_sealer_waits_until_a_restore_is_declared(kept: str) -> None:
    head_file().unlink()
    enter(1)
    with pytest.raises(SignedHeadMissing), acting_as("sealer"):
        sign_checkpoint()
    assert "signed-head.json" in wrong()[0]
    declared(known=kept_checkpoint(kept))
    assert signed().origin == 2
    assert wrong(kept) == []


def test_a_log_that_was_rewritten_is_not_made_sound_by_a_restore(kept: str) -> None:
    tree = current_tree()
    last = remembered()
    assert tree is not None
    assert last is not None
    remember(sign(last.origin, YESTERDAY - 1, bytes(32)))
    assert declared().facts["known_root"] == bytes(32).hex()
    signed()
    assert "they had been rewritten" in wrong()[0]


def test_a_memory_that_was_made_up_is_not_declared_as_lost(kept: str) -> None:
    last = remembered()
    assert last is not None
    made_up = SignedHead(origin=last.origin, size=10**6, root=bytes(32))
    for signature in (b"", bytes(64), last.signature):
        remember(replace(made_up, signature=signature))
        with pytest.raises(SignedHeadUnreadable):
            declared(known=kept_checkpoint(kept))
    assert declarations() == []


def test_a_head_that_was_put_into_the_database_is_not_signed_by_declaring(kept: str) -> None:
    with acting_as("owner"):
        made_up = Checkpoint(
            at=now(), origin=1, size=10**6, root=bytes(32), form=2, signature=bytes(64)
        )
        made_up.save()
    head_file().unlink()
    assert declared().facts["known_root"] is None


def forge(**changed: object) -> None:
    """What the owner of the database can do without the keys: begin a log that says so much was
    lost that whoever brings a checkpoint is told that it was declared."""
    tree = current_tree()
    assert tree is not None
    origin = uuid7()
    facts = {
        "origin": origin,
        "former_origin": tree.name.removeprefix(PREFIX),
        "backup_size": tree.size,
        "backup_root": root_of(tree),
        "known_origin": tree.name.removeprefix(PREFIX),
        "known_size": 10**9,
        "known_root": bytes(32),
        "known_signature": bytes(64).hex(),
        "gap": 10**9 - tree.size,
    }
    first = tree.first + tree.size
    with acting_as("owner"), transaction.atomic():
        entry = record(Action.LOG_RESTORED, actor=None, **{**facts, **changed})  # type: ignore[arg-type]
        Origin.objects.create(
            number=2, name=f"{PREFIX}{origin}", first_leaf=first, started_at=now()
        )
        Leaf.objects.create(number=first, entry=entry, hash=entry.hash)
        Unsealed.objects.all().delete()


def test_a_declared_head_that_was_never_signed_is_forged(kept: str) -> None:
    forge()
    assert "names a lost head that this school's key has never signed" in wrong(kept)[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"origin": uuid7()}, "stands at the beginning of another"),
        ({"backup_size": 7}, "is not what was declared"),
        ({"backup_root": bytes(32)}, "is not what was declared"),
        ({"backup_size": None}, "does not begin by declaring"),
    ],
    ids=["origin", "size", "root", "nothing"],
)
def test_a_declaration_that_is_not_true_is_named(
    kept: str, changed: dict[str, object], said: str
) -> None:
    forge(**changed)
    assert any(said in one for one in wrong())


def test_a_declaration_that_was_changed_afterwards_is_named(kept: str) -> None:
    declared()
    signed()
    (told,) = declarations()
    assert told.known is not None
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE audit_entry SET facts = facts || %s WHERE action = 'log.restored'",
            [f'{{"known_size": {TODAY + 1}}}'],
        )
        cursor.execute("SET session_replication_role = origin")
    found = wrong()
    assert "was changed after it had been sealed" in found[0]
    assert any("never signed" in one for one in found)
