"""Verifying the log from its page and by night: one at a time, and left behind by nobody."""

from typing import Any

import pytest
from django.db import connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from audit.signing import sign_checkpoint
from messaging.models import Channel, MessageVersion
from oversight.models import Alert, AlertKind, Verification
from oversight.services.verifications import ask_verification
from oversight.verification import Report, Scope
from oversight.workers.verifying import VERIFYING, verify_tonight, verify_waiting
from tests.cast import client_of
from tests.oversight.logs import text_of
from tests.oversight.verifications import PAGE, SOUND, WRONG, work
from tests.scenes import say


def test_the_button_asks_and_the_worker_finds_nothing_wrong(
    year_5: Channel, alice: User, gwen: User, as_role: Any
) -> None:
    say(alice, year_5, "Coach at nine")
    with as_role("sealer"):
        sign_checkpoint()
    browser = client_of(gwen)

    asked = browser.post(PAGE)
    waiting = text_of(browser.get(asked.headers["Location"]))
    work()
    over = text_of(browser.get(asked.headers["Location"]))

    assert "Waiting for its turn" in waiting
    assert "Nothing is wrong." in over
    one = Verification.objects.get()
    assert (one.scope, one.asked_by, one.problems, one.result) == ("whole", gwen, 0, "sound")
    assert (one.entries, one.size) == (2, 2)
    assert one.versions == MessageVersion.objects.count() > 0
    assert one.findings_record is None
    entry = Entry.objects.get(action=Action.LOG_VERIFIED)
    assert (entry.actor, entry.subject) == (gwen.id, one.uid)
    assert entry.facts == {
        "scope": "whole",
        "entries": 2,
        "versions": one.versions,
        "problems": 0,
        "size": 2,
    }


def test_the_job_commits_with_what_asked_for_it(gwen: User) -> None:
    with transaction.atomic():
        ask_verification(by=gwen)
        assert ProcrastinateJob.objects.filter(task_name="oversight.tasks.verify_log").exists()
        transaction.set_rollback(True)
    assert not ProcrastinateJob.objects.exists()
    assert not Verification.objects.exists()


def test_who_asks_while_one_is_under_way_is_shown_that(gwen: User, priya: User) -> None:
    first = client_of(gwen).post(PAGE)
    second = client_of(priya).post(PAGE)

    assert first.headers["Location"] == second.headers["Location"]
    assert Verification.objects.count() == 1
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["dana", "hari", "helen", "priya", "gwen"])
def test_everybody_behind_the_door_may_verify(name: str, request: pytest.FixtureRequest) -> None:
    assert client_of(request.getfixturevalue(name)).post(PAGE).status_code == 302
    assert Verification.objects.count() == 1


@pytest.mark.parametrize("name", ["alice", "carol", "theo"])
def test_nobody_else_does(name: str, gwen: User, request: pytest.FixtureRequest) -> None:
    one = ask_verification(by=gwen)
    client = client_of(request.getfixturevalue(name))
    assert client.post(PAGE).status_code == 404
    for address in (PAGE, f"{PAGE}{one.number}/"):
        assert client.get(address).status_code == 404
    assert Verification.objects.count() == 1


def test_what_is_wrong_is_sealed_alerted_and_read_by_those_who_read_the_log(
    gwen: User, dana: User, priya: User
) -> None:
    one = ask_verification(by=gwen)
    work(WRONG)

    address = f"{PAGE}{one.number}/"
    for person in (gwen, priya):
        page = text_of(client_of(person).get(address))
        assert "2 things are wrong" in page
        assert "Entry 5 was changed." in page
        assert "A restore was declared." in page
    hers = text_of(client_of(dana).get(address))
    assert "2 things are wrong" in hers
    assert "Entry 5" not in hers
    alert = Alert.objects.get()
    assert (alert.kind, alert.about) == (AlertKind.LOG_VERIFICATION_FAILED, one.uid)
    assert Entry.objects.get(action=Action.LOG_VERIFIED).facts["problems"] == 2
    assert "changed" not in str(list(Entry.objects.values_list("facts", flat=True)))


@pytest.mark.django_db
@pytest.mark.database_role("worker")
def test_the_nightly_one_is_the_machine_s() -> None:
    seen: list[Scope] = []

    def check(*, scope: Scope, progress: object) -> Report:
        seen.append(scope)
        return SOUND

    verify_tonight(check)
    one = Verification.objects.get()
    assert seen == [Scope.NIGHTLY]
    assert (one.scope, one.asked_by, one.result) == ("nightly", None, "sound")
    assert Entry.objects.get(action=Action.LOG_VERIFIED).actor is None


def test_what_was_asked_for_meanwhile_is_done_in_the_same_go(gwen: User) -> None:
    ask_verification(by=gwen)
    work(SOUND, verify_tonight)
    assert [one.result for one in Verification.objects.order_by("number")] == ["sound", "sound"]


@pytest.mark.django_db(transaction=True)
def test_one_left_behind_by_a_worker_that_was_killed_is_said_to_be_interrupted(
    gwen: User, as_role: Any
) -> None:
    one = ask_verification(by=gwen)

    class Killed(BaseException):
        pass

    def check(**_: object) -> Report:
        raise Killed

    with as_role("worker"), pytest.raises(Killed):
        verify_waiting(check)
    one.refresh_from_db()
    assert one.result == "running"
    work(SOUND)

    one.refresh_from_db()
    assert one.result == "interrupted"
    assert "Ask for it again" in text_of(client_of(gwen).get(f"{PAGE}{one.number}/"))
    assert not Entry.objects.filter(action=Action.LOG_VERIFIED).exists()
    assert ask_verification(by=gwen).number != one.number


@pytest.mark.django_db(transaction=True)
def test_what_another_process_is_at_is_left_to_it(gwen: User) -> None:
    one = ask_verification(by=gwen)
    elsewhere = connections.create_connection("default")
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [VERIFYING])
        work(SOUND)
        one.refresh_from_db()
        assert one.result == "waiting"
        with elsewhere.cursor() as cursor:
            # PostgreSQL notices only a little later that a connection was closed.
            cursor.execute("SELECT pg_advisory_unlock(%s)", [VERIFYING])
    finally:
        elsewhere.close()
    work(SOUND)
    one.refresh_from_db()
    assert one.result == "sound"
