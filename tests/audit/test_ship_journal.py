"""Lines go out in order, each with the digest of the one before, and faults lose none."""

import hashlib
import json
import stat
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from audit import keyring
from audit.journal import lines
from audit.journal.errors import (
    JournalAhead,
    JournalAway,
    JournalChanged,
    JournalFull,
    JournalShort,
)
from audit.journal.lines import NOTHING, Act, packed, unpacked
from audit.journal.outbox import note
from audit.journal.places import Folder, place
from audit.journal.problems import journal_problems
from audit.journal.shipping import head, lock_shipping, said_by, ship
from audit.models import JournalLine
from tests.audit.journal import file_of, folder, noted
from tests.faults.storage import room_for
from tests.roles import acting_as

pytestmark = [pytest.mark.django_db, pytest.mark.database_role("worker")]

type AsRole = Callable[[str], AbstractContextManager[None]]


def test_each_line_holds_the_digest_of_the_one_before_and_the_schools_signature() -> None:
    rows = noted()
    assert ship() == 3
    previous = NOTHING
    for number, row in enumerate(rows, 1):
        raw = file_of(number).read_bytes()
        document = json.loads(raw)
        assert document["previous"] == previous.hex()
        assert (document["line"], document["id"]) == (number, str(row.uid))
        assert document["journal"] == str(keyring.ring().origin)
        previous = hashlib.sha256(raw).digest()
        row.refresh_from_db()
        assert (row.line, bytes(row.digest or b"")) == (number, previous)
    assert head().digest == previous
    assert ship() == 0


def test_other_locks_are_waited_for_as_long_as_before() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '7s'")
        lock_shipping()
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("7s",)


def test_the_folder_and_its_files_are_for_us_alone() -> None:
    noted()
    ship()
    assert stat.S_IMODE(folder().stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder().iterdir()} == {0o600}


def test_an_act_that_is_undone_leaves_no_line() -> None:
    with transaction.atomic():
        note(Act.PERSON_DEACTIVATED, subject=uuid4())
        transaction.set_rollback(True)
    assert ship() == 0


def test_what_was_written_before_the_row_could_say_so_is_recognised() -> None:
    noted()
    ship()
    JournalLine.objects.filter(line__gt=1).update(line=None, digest=None, shipped_at=None)
    before = [file.read_bytes() for file in sorted(folder().iterdir())]
    noted(uuid4())
    assert ship() == 1
    assert [file.read_bytes() for file in sorted(folder().iterdir())][:3] == before
    assert head().number == 4


def test_a_half_written_line_of_a_killed_process_is_written_again() -> None:
    noted()
    ship()
    (folder() / ".000000000004.new").write_bytes(b'{"half')
    noted(uuid4())
    assert ship() == 1
    assert sorted(file.name for file in folder().iterdir()) == [
        f"{number:012d}.json" for number in range(1, 5)
    ]


def test_two_who_ship_at_once_write_each_line_once(transactional_db: None) -> None:
    noted(*(uuid4() for _ in range(20)))

    def shipping() -> None:
        ship()
        connection.close()

    threads = [threading.Thread(target=shipping) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert head().number == 20
    assert place().numbers() == list(range(1, 21))


def test_a_missing_folder_is_said_and_nothing_is_lost(tmp_path: Path, settings: Any) -> None:
    settings.JOURNAL = tmp_path / "mount" / "journal"
    noted()
    with pytest.raises(JournalAway, match="mount its folder"):
        ship()
    settings.JOURNAL.mkdir(parents=True)
    assert ship() == 3


def test_a_file_system_that_takes_no_files_is_said(settings: Any) -> None:
    settings.JOURNAL = Path("/proc/self")
    noted()
    with pytest.raises(JournalAway):
        ship()
    assert JournalLine.objects.filter(line=None).count() == 3


def test_a_full_disk_is_said_and_what_fitted_is_not_lost() -> None:
    noted(uuid4())
    with transaction.atomic():
        note(Act.DISPOSAL_INTENDED, subject=uuid4(), due=packed(uuid4() for _ in range(1_000)))
    with room_for(10_000), pytest.raises(JournalFull, match="room"):
        ship()
    assert head().number == 1
    assert place().numbers() == [1]
    assert ship() == 1


def test_nothing_is_written_behind_an_end_that_is_missing_or_changed() -> None:
    noted()
    ship()
    kept = file_of(3).read_bytes()
    noted(uuid4())
    file_of(3).unlink()
    with pytest.raises(JournalShort):
        ship()
    file_of(3).write_bytes(kept.replace(b"person.deactivated", b"person.reactivated"))
    with pytest.raises(JournalChanged):
        ship()
    file_of(3).write_bytes(kept)
    assert ship() == 1


def test_an_older_database_writes_nothing() -> None:
    noted()
    ship()
    lost = JournalLine.objects.get(line=3)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        lost.delete()
        cursor.execute("SET ROLE schoolchat_worker")
    noted(uuid4())
    with pytest.raises(JournalAhead, match="restore"):
        ship()


def test_a_line_is_never_written_over() -> None:
    noted(uuid4())
    ship()
    with pytest.raises(JournalAway), Folder(folder()).together() as write:
        write(1, b"another")
    assert b"another" not in file_of(1).read_bytes()


def test_a_line_that_a_power_cut_kept_without_the_one_before_it_is_known_again() -> None:
    noted()
    ship()
    kept = {number: file_of(number).read_bytes() for number in (2, 3)}
    file_of(2).unlink()
    with acting_as("owner"):
        JournalLine.objects.filter(line__gt=1).update(line=None, digest=None, shipped_at=None)
    assert ship() == 2
    assert {number: file_of(number).read_bytes() for number in (2, 3)} == kept
    assert journal_problems(whole=True) == []


def test_ids_are_packed_and_come_back_sorted() -> None:
    some = [uuid4() for _ in range(9)]
    assert unpacked(packed(some)) == sorted(some)
    assert unpacked(packed([])) == []


def test_a_line_elsewhere_than_at_its_place_is_refused() -> None:
    noted()
    ship()
    raw = file_of(2).read_bytes()
    assert lines.read(raw, number=2).said.act == Act.PERSON_DEACTIVATED
    with pytest.raises(JournalChanged):
        lines.read(raw, number=3)
    with pytest.raises(JournalChanged):
        lines.read(raw, number=2, previous=NOTHING)


def test_a_check_says_that_a_journal_inside_the_data_folder_is_lost_with_it(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check", "--tag", "journal")
    assert "audit.W002" in capsys.readouterr().err
    settings.JOURNAL = tmp_path / "mount"
    call_command("check", "--tag", "journal")
    assert "audit.W003" in capsys.readouterr().err
    settings.JOURNAL.mkdir()
    call_command("check", "--tag", "journal")
    assert "audit." not in capsys.readouterr().err


@pytest.mark.parametrize("killed", [False, True])
def test_what_a_power_cut_has_kept_without_the_line_before_it_is_shipped_again(
    killed: bool,
) -> None:
    noted()
    ship()
    JournalLine.objects.filter(line__gt=1).update(line=None, digest=None, shipped_at=None)
    file_of(2).unlink()
    kept = file_of(3).read_bytes()
    assert journal_problems() == [], "it is ours"
    (late,) = noted(uuid4())  # the number of its row was given before those of the others
    with acting_as("owner"):
        JournalLine.objects.filter(pk=late.pk).update(id=-1)
    if killed:
        first = lines.written(said_by(late), number=2, previous=head().digest)
        file_of(2).write_bytes(first.raw)
    assert ship() == (2 if killed else 3)
    assert head().number == 4
    assert journal_problems(whole=True) == []
    (aside,) = folder().glob("*.aside")
    assert aside.read_bytes() == kept


def test_a_line_of_another_database_behind_a_gap_is_not_set_aside() -> None:
    noted()
    ship()
    with acting_as("owner"):
        JournalLine.objects.filter(line__gt=1).delete()
    file_of(2).unlink()
    noted()
    with pytest.raises(JournalAhead):
        ship()
    assert file_of(3).exists()
