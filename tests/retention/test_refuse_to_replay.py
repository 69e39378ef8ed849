"""What a replay refuses: a journal that is not ours, and destroying what it may not."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from audit.journal.errors import JournalChanged, JournalError, JournalShort
from audit.models import Entry
from retention.models import Hold, Replay
from tests.audit.journal import file_of
from tests.retention.conftest import PAST, Clock
from tests.retention.journal import acts
from tests.retention.older import Restored
from tests.retention.replays import disposed, replayed
from tests.retention.scenes import WORDS, held, past_channel, words_in
from tests.roles import acting_as

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("fault", ["edited", "missing", "swapped", "forged"])
def test_a_journal_that_is_not_whole_and_ours_is_refused_before_anything_is_changed(
    fault: str,
    restored: Restored,
    at: Clock,
    alice: User,
    dana: User,
    hari: User,
    helen: User,
) -> None:
    channel = past_channel(at, alice)
    with restored():
        held(dana, channels=[past_channel(at, alice, name="Kept")])
        disposed(hari, helen)
    first, second = file_of(1).read_bytes(), file_of(2).read_bytes()
    match fault:
        case "edited":
            file_of(1).write_bytes(first.replace(b"safeguarding", b"litigation"))
        case "missing":
            file_of(2).unlink()
        case "swapped":
            file_of(1).write_bytes(second)
            file_of(2).write_bytes(first)
        case "forged":
            file_of(len(acts()) + 1).write_bytes(first)
    expected: type[JournalError] = JournalShort if fault == "missing" else JournalChanged
    entries = Entry.objects.count()
    with pytest.raises(expected):
        replayed()
    assert words_in(channel) == len(WORDS)
    assert not Replay.objects.exists()
    assert Entry.objects.count() == entries


def test_the_door_is_open_to_nobody_and_to_the_owner_only_meanwhile(
    restored: Restored, at: Clock, alice: User, hari: User, helen: User
) -> None:
    past_channel(at, alice)
    with restored():
        disposed(hari, helen)
    replayed()
    for role in ("owner", "web", "worker", "disposer", "sealer", "backup"):
        with acting_as(role), pytest.raises(DatabaseError, match="permission denied"):
            _call(Replay.objects.get().pk if role != "sealer" else 1)


def test_ids_that_were_not_approved_and_what_was_held_are_not_destroyed(
    restored: Restored, at: Clock, alice: User, dana: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice)
    with restored():
        disposed(hari, helen)
    held(dana, channels=[channel])
    with acting_as("owner"):
        Hold.objects.update(placed_at=PAST)
    done = replayed()
    assert (done.messages, done.unclear) == (0, 1)
    assert words_in(channel) == len(WORDS)
    with acting_as("owner"), transaction.atomic():
        Replay.objects.update(kind="replay", digest="0" * 64)
        with connection.cursor() as cursor:
            cursor.execute("GRANT EXECUTE ON FUNCTION retention_replay(bigint) TO CURRENT_USER")
        with pytest.raises(DatabaseError, match="not what was approved"), transaction.atomic():
            _call(Replay.objects.get().pk)
        transaction.set_rollback(True)


def test_both_doors_destroy_the_same() -> None:
    def deleted(function: str) -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (regexp_matches(prosrc, 'DELETE FROM public.(\\w+)', 'g'))[1]"
                " FROM pg_proc WHERE proname = %s",
                [function],
            )
            return {row[0] for row in cursor.fetchall()}

    assert deleted("retention_replay") == deleted("retention_destroy") != set()


def _call(number: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT retention_replay(%s)", [number])
