"""The journal in S3-compatible storage, which may be full or away; no line is written over."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from audit.journal.errors import JournalAway, JournalFull, JournalShort
from audit.journal.places import Bucket, place
from audit.journal.problems import journal_problems
from audit.journal.shipping import head, ship
from schoolchat import attachments
from tests.audit.journal import noted
from tests.messaging.files.s3 import BUCKET, KEY_ID, S3, SECRET, s3

pytestmark = [pytest.mark.django_db, pytest.mark.database_role("worker")]


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    # What fails is tried once and not for a quarter of a minute.
    monkeypatch.setattr("audit.journal.places._RETRY", {"max_retries": 0})
    with s3() as running:
        settings.JOURNAL = attachments.S3(
            bucket=BUCKET,
            prefix="journal",
            endpoint=running.address,
            region="",
            key_id=KEY_ID,
            secret=SECRET,
        )
        yield running


def test_lines_are_objects_below_the_prefix_and_are_held_against_the_database(server: S3) -> None:
    noted()
    assert ship() == 3
    assert sorted(server.objects) == [f"journal/{number:012d}.json" for number in (1, 2, 3)]
    assert place().numbers() == [1, 2, 3]
    assert journal_problems(whole=True) == []
    del server.objects["journal/000000000002.json"]
    assert [type(problem) for problem in journal_problems()] == [JournalShort]


def test_no_line_is_written_over(server: S3) -> None:
    noted(uuid4())
    ship()
    kept = dict(server.objects)
    with pytest.raises(JournalAway), place().together() as write:
        write(1, b"another")
    assert server.objects == kept


def test_without_room_or_answer_nothing_is_lost(server: S3) -> None:
    noted()
    server.full = True
    with pytest.raises(JournalFull):
        ship()
    server.full, server.away = False, True
    with pytest.raises(JournalAway):
        ship()
    server.away = False
    assert ship() == 3
    assert head().number == 3


def test_whoever_has_another_secret_is_turned_away(server: S3) -> None:
    other = Bucket(
        bucket=BUCKET,
        prefix="journal",
        endpoint=server.address,
        region="",
        key_id=KEY_ID,
        secret="another",
    )
    with pytest.raises(JournalAway), other.together() as write:
        write(1, b"{}")
