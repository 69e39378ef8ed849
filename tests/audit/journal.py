"""The journal's folder as whoever has it sees it, and something to say in it."""

from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from audit.journal.lines import Act
from audit.journal.outbox import note
from audit.models import JournalLine


def folder() -> Path:
    """Where it stands."""
    chosen = settings.JOURNAL
    assert isinstance(chosen, Path)
    return chosen


def file_of(number: int) -> Path:
    """The file of a line."""
    return folder() / f"{number:012d}.json"


def noted(*people: UUID) -> list[JournalLine]:
    """One line for each, by default for three: that they were deactivated."""
    with transaction.atomic():
        some = people or (uuid4(), uuid4(), uuid4())
        return [note(Act.PERSON_DEACTIVATED, subject=one) for one in some]
