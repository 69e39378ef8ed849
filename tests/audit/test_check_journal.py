"""A journal that was truncated, edited, swapped or left behind is found."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from audit.clock import now
from audit.journal.errors import (
    JournalAhead,
    JournalAway,
    JournalBehind,
    JournalChanged,
    JournalError,
    JournalShort,
)
from audit.journal.problems import journal_problems
from audit.journal.shipping import ship
from audit.models import JournalLine
from tests.audit.journal import file_of, folder, noted
from tests.roles import acting_as

pytestmark = [pytest.mark.django_db, pytest.mark.database_role("worker")]


def _found(*, whole: bool = False) -> list[type[JournalError]]:
    return [type(problem) for problem in journal_problems(whole=whole)]


@pytest.fixture
def long() -> None:
    """Longer than what is looked at every few minutes."""
    noted(*(uuid4() for _ in range(30)))
    ship()


def test_one_that_is_as_it_was_written_has_no_problem(long: None) -> None:
    noted()
    assert _found() == _found(whole=True) == []


def test_nothing_written_and_nothing_there_is_no_problem() -> None:
    assert _found(whole=True) == []


@pytest.mark.parametrize("gone", [1, 15, 30])
def test_lines_that_are_missing_are_found_wherever_they_stood(long: None, gone: int) -> None:
    file_of(gone).unlink()
    assert _found() == [JournalShort]


def test_an_empty_mount_point_is_found(long: None) -> None:
    shutil.rmtree(folder())
    assert _found() == [JournalShort]


def test_an_edited_line_is_found_at_the_end_at_once_and_anywhere_by_the_whole_look(
    long: None,
) -> None:
    for number, whole in ((30, False), (2, True)):
        kept = file_of(number).read_bytes()
        document = json.loads(kept)
        document["subject"] = str(uuid4())
        file_of(number).write_text(json.dumps(document))
        assert _found(whole=whole) == [JournalChanged]
        file_of(number).write_bytes(kept)
    assert _found(whole=True) == []


def test_lines_that_were_swapped_are_found(long: None) -> None:
    one, other = file_of(3).read_bytes(), file_of(4).read_bytes()
    file_of(3).write_bytes(other)
    file_of(4).write_bytes(one)
    assert _found(whole=True) == [JournalChanged]


def test_lines_that_this_database_does_not_know_are_found(long: None) -> None:
    shutil.copy(file_of(30), file_of(31))
    assert _found() == [JournalChanged]
    file_of(31).unlink()
    with acting_as("owner"):
        JournalLine.objects.filter(line=30).delete()
    assert _found() == [JournalAhead]


def test_what_waits_too_long_is_found(long: None) -> None:
    noted()
    with acting_as("owner"):
        JournalLine.objects.filter(line=None).update(at=now() - timedelta(minutes=11))
    (problem,) = journal_problems()
    assert isinstance(problem, JournalBehind)
    assert "worker" in str(problem)


def test_a_journal_out_of_reach_is_found(long: None, tmp_path: Path, settings: Any) -> None:
    settings.JOURNAL = tmp_path / "mount"
    assert _found() == [JournalAway]
