"""An intention that an earlier version ended twice: such a journal is replayed, such a database is
brought up to date, and from then on nothing is ended twice."""

from importlib import import_module
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from uuid_utils.compat import uuid7

from accounts.models import User
from audit.clock import now
from audit.journal import lines
from audit.journal.lines import NOTHING, Act, Said
from audit.models import JournalLine
from tests.audit.journal import file_of
from tests.retention.conftest import Clock
from tests.retention.journal import outside
from tests.retention.older import Restored
from tests.retention.replays import disposed, replayed
from tests.retention.scenes import WORDS, past_channel, words_in


@pytest.mark.django_db(transaction=True)
def test_a_journal_with_two_ends_of_an_intention_is_replayed(
    restored: Restored, at: Clock, alice: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice)
    with restored():
        disposed(hari, helen)
    _withdraw_before_it_is_done()
    assert words_in(channel) == len(WORDS)
    replayed()
    assert words_in(channel) == 0
    (done,) = JournalLine.objects.filter(act=Act.DISPOSAL_DONE)
    ends = JournalLine.objects.filter(ends=done.ends).order_by("line")
    assert [(one.act, one.doubled) for one in ends] == [
        (Act.DISPOSAL_WITHDRAWN, False),
        (Act.DISPOSAL_DONE, True),
    ]


def _withdraw_before_it_is_done() -> None:
    """As where a chunk was ended for a process that had been killed, whose commit came late."""
    said = [line.said for line in outside()]
    (place,) = [place for place, one in enumerate(said) if one.act is Act.DISPOSAL_DONE]
    done = said[place]
    facts = {name: done.facts[name] for name in ("number", "chunk")}
    early = Said(
        uid=uuid7(), at=done.at, act=Act.DISPOSAL_WITHDRAWN, subject=done.subject,
        ends=done.ends, facts=facts,
    )  # fmt: skip
    previous = NOTHING
    for number, one in enumerate([*said[:place], early, *said[place:]], start=1):
        line = lines.written(one, number=number, previous=previous)
        file_of(number).write_bytes(line.raw)
        previous = line.digest


@pytest.mark.django_db
@pytest.mark.database_role("owner")
def test_a_database_with_two_ends_is_brought_up_to_date() -> None:
    once = import_module("audit.migrations.0023_ended_once")
    twice = import_module("audit.migrations.0025_ended_twice")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX audit_journalline_one_end")
        ended, early, late = (uuid7() for _ in range(3))
        _end(early, ended)
        _end(late, ended)
        cursor.execute(once.ONCE)
        for statement in (twice.DROP, twice.MARK):
            cursor.execute(statement)
    with connection.schema_editor() as editor:
        editor.add_constraint(JournalLine, twice.Migration.operations[-1].constraint)
    assert dict(JournalLine.objects.values_list("uid", "doubled")) == {early: False, late: True}
    with pytest.raises(IntegrityError), transaction.atomic():
        _end(uuid7(), ended)


def _end(uid: UUID, ended: UUID) -> None:
    JournalLine.objects.create(uid=uid, at=now(), act=Act.DISPOSAL_WITHDRAWN, ends=ended)
