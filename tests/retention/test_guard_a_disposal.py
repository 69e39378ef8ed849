"""What a disposal says about its steps is written with the step, and by no statement afterwards."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from accounts.models import User
from audit.clock import now
from retention.locks import DESTROYING
from retention.models import Disposal
from retention.services.disposals import (
    approve_disposal,
    propose_disposals,
    put_disposal_forward,
    stop_disposal,
    withdraw_disposal,
)
from tests.faults.product import until
from tests.retention.conftest import Clock
from tests.retention.meeting import PATIENCE, own_connection, run, somebody_waits_for_us
from tests.retention.scenes import REASON, past_channel, without_waiting
from tests.roles import acting_as

pytestmark = pytest.mark.django_db(transaction=True)

STATES = ("nobodys", "proposed", "approved", "executing", "done", "withdrawn", "stopped", "expired")
#: Who wants to shorten what, in a statement of their own.
COLUMNS = (
    "proposed_by_id",
    "put_forward_at",
    "approved_by_id",
    "approved_at",
    "cool_until",
    "expires_at",
    "withdrawn_by_id",
    "withdrawn_at",
    "bytes",
    "first_day",
    "last_day",
    "emptied_by_id",
    "emptied_at",
)
MEASURED = {"bytes", "first_day", "last_day"}
ENDED = {"withdrawn_at"}


@pytest.fixture
def disposal(at: Clock, alice: User) -> Disposal:
    past_channel(at, alice)
    without_waiting()
    (found,) = propose_disposals(by=None)
    return found


def _bring_to(state: str, disposal: Disposal, people: dict[str, User]) -> None:
    number = disposal.number
    if state == "nobodys":
        return
    put_disposal_forward(by=people["hari"], number=number)
    if state in {"proposed", "withdrawn"}:
        if state == "withdrawn":
            withdraw_disposal(by=people["hari"], number=number)
        return
    approve_disposal(by=people["helen"], number=number)
    if state == "stopped":
        stop_disposal(by=people["priya"], number=number, reason=REASON)
    with acting_as("owner"):
        for step in {"executing": ["executing"], "done": ["executing", "done"]}.get(state, []):
            Disposal.objects.filter(pk=number).update(state=step)
        if state == "expired":
            Disposal.objects.filter(pk=number).update(state=state)


def _other(column: str, person: User) -> Any:
    if column.endswith("_id"):
        return person.pk
    if column == "bytes":
        return 1
    if column.endswith("_day"):
        return date(2020, 1, 1)
    return now() + timedelta(days=1 if column == "expires_at" else -1)


def _written(disposal: Model, people: dict[str, User]) -> Iterator[str]:
    for column in COLUMNS:
        try:
            with transaction.atomic():
                Disposal.objects.filter(pk=disposal.pk).update(
                    **{column: _other(column, people["chris"])}
                )
                yield column
                transaction.set_rollback(True)
        except DatabaseError:
            continue


@pytest.mark.parametrize("state", STATES)
def test_no_column_is_written_by_the_web_role_but_with_its_step(
    state: str, disposal: Disposal, hari: User, helen: User, priya: User, chris: User
) -> None:
    people = {"hari": hari, "helen": helen, "priya": priya, "chris": chris}
    _bring_to(state, disposal, people)
    written = set(_written(disposal, people))
    assert written <= (MEASURED if state in {"nobodys", "proposed"} else set()) | (
        ENDED if state == "executing" else set()
    )


def test_whoever_ends_it_by_a_statement_waits_for_the_chunk_under_way(
    disposal: Disposal, hari: User, helen: User, priya: User
) -> None:
    _bring_to("approved", disposal, {"hari": hari, "helen": helen})
    wrong: list[Exception] = []

    def stop() -> None:
        with own_connection("web", wrong, threading.Barrier(1)):
            of_it = Disposal.objects.filter(pk=disposal.pk)
            of_it.update(state="stopped", withdrawn_by=priya, withdrawn_at=now())

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [DESTROYING])
        (thread,) = run(stop)
        until(somebody_waits_for_us, within=PATIENCE)
    thread.join(PATIENCE)
    disposal.refresh_from_db()
    assert (disposal.state, wrong) == ("stopped", [])


def test_that_all_was_taken_out_of_it_is_written_once_and_where_it_is_so(
    disposal: Disposal, hari: User, chris: User
) -> None:
    _bring_to("proposed", disposal, {"hari": hari})
    of_it = Disposal.objects.filter(pk=disposal.pk)
    with pytest.raises(DatabaseError, match="what was left"), transaction.atomic():
        of_it.update(emptied_by=hari, emptied_at=now())
    with acting_as("owner"):
        of_it.update(due=0)
    of_it.update(emptied_by=hari, emptied_at=now())
    for by, at in ((chris, now()), (None, None)):
        with pytest.raises(DatabaseError, match="what was left"), transaction.atomic():
            of_it.update(emptied_by=by, emptied_at=at)


def test_an_approval_is_of_now_and_cools_off_as_long_as_the_school_says(
    at: Clock, alice: User, hari: User, helen: User
) -> None:
    past_channel(at, alice)
    (disposal,) = propose_disposals(by=hari)
    with acting_as("owner"):
        Disposal.objects.update(object_before=now())
    at_once, ago = now(), now() - timedelta(days=20)
    for approved_at in (at_once, ago):
        with pytest.raises(DatabaseError, match="cools off"), transaction.atomic():
            Disposal.objects.filter(pk=disposal.pk).update(
                state="approved",
                approved_by=helen,
                approved_at=approved_at,
                cool_until=approved_at + timedelta(days=14 if approved_at == ago else 0),
                expires_at=at_once + timedelta(days=30),
            )
    approve_disposal(by=helen, number=disposal.number)


def test_a_disposal_begins_without_the_times_of_later_steps(disposal: Disposal) -> None:
    for column in ("cool_until", "approved_at", "withdrawn_at", "put_forward_at"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Disposal.objects.create(
                record_class="other",
                policy=disposal.policy,
                cut_off=disposal.cut_off,
                due=1,
                held=0,
                digest=disposal.digest,
                **{column: now()},
            )
