"""A database that was put back: nothing is signed over it until somebody says so."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit import keyring
from audit.checkpoints import newest_checkpoint, note_of, verifier_key
from audit.declarations import declarations
from audit.models import Checkpoint, Entry, Leaf, Origin, Tile, Unsealed
from audit.origins import current_tree, trees
from audit.proofs import proof_of_entry
from audit.restores import declare_restore
from audit.sealer import Sealer
from audit.signed_head import head_file, remembered
from audit.signing import LogRolledBack, sign_checkpoint
from audit.tree.notes import parse_note, verify_note
from audit.verification.outside import kept_checkpoint
from oversight.models import Alert, AlertKind
from oversight.workers.watching import watch
from tests.audit.put_back import TODAY, YESTERDAY, enter, signed, wrong
from tests.roles import acting_as

pytestmark = pytest.mark.django_db(transaction=True)


def test_undeclared_it_is_a_roll_back_and_nothing_is_sealed_or_signed(kept: str) -> None:
    enter(1)
    with pytest.raises(LogRolledBack), acting_as("sealer"):
        sign_checkpoint()
    assert "rolled back" in wrong(kept)[0]
    assert "rolled back" in wrong()[0]


def test_the_sealer_waits_until_it_is_declared(kept: str) -> None:
    enter(3)
    sealer = Sealer(every=0)
    with acting_as("sealer"):
        sealer.turn()
    assert Leaf.objects.count() == YESTERDAY
    with acting_as("owner"):
        declare_restore()
    with acting_as("sealer"):
        sealer.turn()
    assert Leaf.objects.count() == YESTERDAY + 1 + 3
    assert newest_checkpoint() == Checkpoint.objects.get(origin=2, size=4)
    assert wrong(kept) == []


def test_those_who_answer_alerts_are_told_once(kept: str) -> None:
    with acting_as("worker"):
        watch(look_again=0)
        watch(look_again=0)
    assert [alert.kind for alert in Alert.objects.all()] == [AlertKind.ROLLED_BACK]


def test_leaves_that_were_taken_out_stop_the_sealer_and_not_the_process(kept: str) -> None:
    with acting_as("owner"):
        declare_restore(known=kept_checkpoint(kept))
        enter(100)
    signed()
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM audit_leaf WHERE number = %s", [YESTERDAY + 50])
        cursor.execute("SET session_replication_role = origin")
    enter(1)
    with acting_as("sealer"):
        Sealer(every=0).turn()
    assert Unsealed.objects.count() == 1


def test_declared_the_log_goes_on_under_a_new_name_that_says_what_is_lost(kept: str) -> None:
    enter(2)
    with acting_as("owner"):
        entry = declare_restore(known=kept_checkpoint(kept))
    assert (entry.facts["backup_size"], entry.facts["known_size"]) == (YESTERDAY, TODAY)
    assert entry.facts["gap"] == TODAY - YESTERDAY
    after = signed()
    first, second = trees()
    assert (first.size, second.first, second.size) == (YESTERDAY, YESTERDAY, 3)
    assert Entry.objects.get(leaf__number=YESTERDAY) == entry
    assert verify_note(parse_note(note_of(after)), second.name, keyring.ring().public_key)
    assert verifier_key().startswith(f"{second.name}+")
    assert wrong(kept) == []
    (told,) = declarations()
    assert (told.backup_size, told.lost) == (YESTERDAY, TODAY - YESTERDAY)
    assert wrong(note_of(after)) == []


def test_a_head_that_the_declaration_did_not_know_of_still_shows_the_roll_back(kept: str) -> None:
    head_file().unlink()
    with acting_as("owner"):
        declare_restore()
    assert "rolled back" in wrong(kept)[0]


def test_the_new_log_grows_tiles_and_proofs_of_its_own(kept: str) -> None:
    with acting_as("owner"):
        declare_restore(known=kept_checkpoint(kept))
    enter(600)
    signed()
    assert Tile.objects.filter(origin=2, level=0).count() == 2
    tree = current_tree()
    assert tree is not None
    for number in (0, YESTERDAY - 1, YESTERDAY, tree.first + tree.size - 1):
        assert proof_of_entry(Entry.objects.get(leaf__number=number))
    assert wrong(kept) == []
    remembered_now = remembered()
    assert remembered_now is not None
    assert remembered_now.size == 601


def test_a_second_restore_is_declared_over_the_first(kept: str) -> None:
    with acting_as("owner"):
        declare_restore(known=kept_checkpoint(kept))
        enter(5)
    signed()
    with acting_as("owner"):
        declare_restore()
    signed()
    assert Origin.objects.count() == 3
    assert wrong(kept) == []
    assert len(declarations()) == 2


def test_what_was_declared_cannot_be_changed_later(kept: str) -> None:
    with acting_as("owner"):
        declare_restore(known=kept_checkpoint(kept))
        signed()
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("UPDATE audit_origin SET first_leaf = first_leaf - 1 WHERE number = 2")
            cursor.execute("SET session_replication_role = origin")
    assert wrong()


def test_the_command_says_what_came_back(kept: str, tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.txt"
    file.write_text(kept)
    out = StringIO()
    with acting_as("owner"):
        call_command("declare_restore", checkpoint=file, stdout=out)
    assert f"a backup of {YESTERDAY} entries came back, and 100 entries" in out.getvalue()
    signed()
    said = StringIO()
    call_command("verify_audit", checkpoint=file, stdout=said)
    assert "A restore was declared" in said.getvalue()


def test_a_file_that_is_no_checkpoint_of_this_school_is_refused(kept: str, tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.txt"
    file.write_text(kept.replace("4", "5", 1))
    with pytest.raises(CommandError, match="checkpoint"):
        call_command("verify_audit", checkpoint=file)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_audit", checkpoint=tmp_path / "none.txt")


def test_a_checkpoint_that_a_mail_program_saved_counts(kept: str) -> None:
    assert kept_checkpoint(kept.replace("\n", "\r\n")) == kept_checkpoint(kept)


def test_with_nothing_there_is_nothing_to_declare() -> None:
    with acting_as("owner"), pytest.raises(CommandError, match="no log"):
        call_command("declare_restore")
