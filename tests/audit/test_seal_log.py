"""Sealing: every committed entry gets one leaf, in whatever order transactions end."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction

from audit.actions import Action
from audit.checkpoints import newest_checkpoint
from audit.models import Checkpoint, Entry, Leaf, Unsealed
from audit.sealer import Sealer
from audit.services import record
from audit.signing import sign_checkpoint
from audit.verification.log import wrong_log
from tests.roles import acting_as

pytestmark = pytest.mark.django_db(transaction=True)


def recorded() -> Entry:
    with transaction.atomic():
        return record(Action.SIGNED_IN, actor=uuid4(), method="password")


def recorded_as_web() -> Entry:
    with acting_as("web"):
        return recorded()


def sealed_entries() -> list[int]:
    with acting_as("sealer"):
        sign_checkpoint()
    return sealed_so_far()


def sealed_so_far() -> list[int]:
    return list(Leaf.objects.order_by("number").values_list("entry_id", flat=True))


def test_each_entry_is_sealed_once_and_the_queue_is_empty() -> None:
    entries = [recorded().id for _ in range(5)]
    assert sealed_entries() == entries
    more = recorded().id
    assert sealed_entries() == [*entries, more]
    assert not Unsealed.objects.exists()
    assert list(wrong_log()) == []


@contextmanager
def staying_open() -> Iterator[tuple[int, Callable[[], None]]]:
    """The entry of a transaction on another connection that stays open until it is told to end."""
    written, may_end = threading.Event(), threading.Event()
    late: list[int] = []

    def slow() -> None:
        with transaction.atomic():
            late.append(record(Action.SIGNED_IN, actor=uuid4(), method="password").id)
            written.set()
            may_end.wait(20)
        connection.close()

    def end() -> None:
        may_end.set()
        thread.join()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    try:
        yield late[0], end
    finally:
        end()


def test_what_is_committed_late_is_sealed_later_and_holds_nobody_up() -> None:
    """Its number is lower than that of entries which are sealed already."""
    with staying_open() as (late, end):
        quick = recorded().id
        assert quick > late
        assert sealed_entries() == [quick]
        end()
    assert sealed_entries() == [quick, late]
    assert list(wrong_log()) == []


def test_an_effect_stands_behind_its_cause_however_long_that_took_to_be_committed() -> None:
    """Each turn seals what was committed meanwhile, and never what is still open."""
    quick: list[int] = []
    sealer = Sealer(every=0)
    with staying_open() as (cause, end):
        for _ in range(3):
            quick.append(recorded().id)
            with acting_as("sealer"):
                sealer.turn()
            assert sealed_so_far() == quick
            assert Checkpoint.objects.latest("size").size == len(quick)
        assert not Entry.objects.filter(id=cause).exists()
        end()
    assert Entry.objects.filter(id=cause).exists()
    effect = recorded().id
    with acting_as("sealer"):
        sealer.turn()
    assert sealed_so_far() == [*quick, cause, effect]
    assert not Unsealed.objects.exists()
    assert list(wrong_log()) == []


def test_a_transaction_that_fails_leaves_nothing_in_the_queue() -> None:
    with transaction.atomic():
        record(Action.SIGNED_IN, actor=uuid4(), method="password")
        transaction.set_rollback(True)
    assert not Unsealed.objects.exists()


def test_small_steps_seal_as_much_and_one_head_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.sealer.GENTLE_BATCH", 2)
    entries = [recorded().id for _ in range(5)]
    sealer = Sealer(every=3_600)
    with acting_as("sealer"):
        sealer.turn()
        assert list(Leaf.objects.order_by("number").values_list("entry_id", flat=True)) == entries
        later = recorded_as_web().id
        sealer.turn()
    assert Leaf.objects.get(entry=later).number == 5
    assert list(Checkpoint.objects.values_list("size", flat=True)) == [5]
    assert list(wrong_log()) == []


def test_with_nothing_new_the_newest_checkpoint_stands() -> None:
    recorded()
    sealed_entries()
    newest = newest_checkpoint()
    with acting_as("sealer"):
        assert sign_checkpoint() == newest
    assert Checkpoint.objects.count() == 1


def test_what_a_sealer_from_before_the_queue_has_sealed_is_taken_out_of_it() -> None:
    """Two machines were not upgraded at the same moment."""
    first, second = recorded(), recorded()
    with acting_as("sealer"):
        sign_checkpoint()
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_unsealed VALUES (%s), (%s)", [first.id, second.id])
    third = recorded()
    assert sealed_entries() == [first.id, second.id, third.id]
    assert not Unsealed.objects.exists()
    assert list(wrong_log()) == []


def test_the_queue_of_a_log_that_is_there_already_holds_what_was_not_sealed() -> None:
    sealed, waiting = recorded(), recorded()
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_entry_queued ON audit_entry; DROP FUNCTION audit_queue")
        cursor.execute("DELETE FROM audit_unsealed WHERE entry_id = %s", [waiting.id])
    sealed_entries()
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute((settings.BASE_DIR / "audit" / "sql" / "unsealed.sql").read_text())
    later = recorded()
    assert sealed_entries() == [sealed.id, waiting.id, later.id]
