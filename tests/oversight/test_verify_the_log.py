"""Verifying the log from its page and by night: one at a time, and seen while it runs."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.models import Entry
from audit.signing import sign_checkpoint
from messaging.models import Channel, MessageVersion
from oversight.models import Alert, AlertKind, Verification
from oversight.models.verifications import MOST_PROBLEMS
from oversight.queries.verifications import is_silent
from oversight.services.verifications import ask_verification
from oversight.verification import MOST_NAMED, Report, Scope
from oversight.workers import verifying
from oversight.workers.verifying import VERIFYING, verify_tonight, verify_waiting
from tests.cast import client_of
from tests.scenes import say

PAGE = "/audit/verifications/"
SOUND = Report(entries=7, versions=3, size=7, problems=(), notes=())
WRONG = Report(
    entries=7,
    versions=3,
    size=7,
    problems=("Entry 5 was changed.", "Entry 6 was removed."),
    notes=("A restore was declared.",),
)


@pytest.fixture
def work(as_role: Any) -> Callable[..., None]:
    """`work()` does as the worker what waits; `work(report)` finds what the report says."""

    def do(report: Report | None = None, job: Callable[..., None] = verify_waiting) -> None:
        with as_role("worker"):
            job(*([] if report is None else [lambda **_: report]))

    return do


def _text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_button_asks_and_the_worker_finds_nothing_wrong(
    year_5: Channel, alice: User, gwen: User, as_role: Any, work: Callable[..., None]
) -> None:
    say(alice, year_5, "Coach at nine")
    with as_role("sealer"):
        sign_checkpoint()
    browser = client_of(gwen)

    asked = browser.post(PAGE)
    waiting = _text(browser.get(asked.headers["Location"]))
    work()
    over = _text(browser.get(asked.headers["Location"]))

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
    gwen: User, dana: User, priya: User, work: Callable[..., None]
) -> None:
    one = ask_verification(by=gwen)
    work(WRONG)

    address = f"{PAGE}{one.number}/"
    for person in (gwen, priya):
        page = _text(client_of(person).get(address))
        assert "2 things are wrong" in page
        assert "Entry 5 was changed." in page
        assert "A restore was declared." in page
    hers = _text(client_of(dana).get(address))
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


def test_what_was_asked_for_meanwhile_is_done_in_the_same_go(
    gwen: User, work: Callable[..., None]
) -> None:
    ask_verification(by=gwen)
    work(SOUND, verify_tonight)
    assert [one.result for one in Verification.objects.order_by("number")] == ["sound", "sound"]


def test_progress_is_stored_as_it_comes_and_seldom(
    gwen: User, as_role: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = ask_verification(by=gwen)
    told: list[tuple[str, int, int]] = []

    def check(*, scope: Scope, progress: Callable[[str, int, int], None]) -> Report:
        for step, done in (("log", 1), ("log", 2), ("log", 3), ("content", 4), ("content", 5)):
            progress(step, done, 9)
            one.refresh_from_db()
            told.append((one.step, one.done, one.total))
        return SOUND

    monkeypatch.setattr(verifying, "_BETWEEN_SECONDS", 3_600)
    with as_role("worker"):
        verify_waiting(check)
    assert told == [("log", 1, 9)] * 3 + [("content", 4, 9)] * 2


def test_a_page_without_javascript_says_how_far_it_is(gwen: User, as_role: Any) -> None:
    one = ask_verification(by=gwen)
    at = now()
    with as_role("worker"):
        Verification.objects.filter(pk=one.pk).update(
            started_at=at, heard_at=at, step="log", done=1_200, total=4_000
        )

    page = _text(client_of(gwen).get(f"{PAGE}{one.number}/"))

    assert "Reading every entry of the log and the tree over them" in page
    assert "1,200 of 4,000" in page
    assert "<noscript>" in page
    assert "See how far it is" in _text(client_of(gwen).get(PAGE))


def test_the_page_asks_until_it_is_over_and_is_told_once_of_each_step(
    gwen: User, work: Callable[..., None]
) -> None:
    one = ask_verification(by=gwen)
    browser = client_of(gwen)

    def ask(heard: str) -> Any:
        return browser.get(f"{PAGE}{one.number}/", {"heard": heard}, headers={"HX-Request": "true"})

    first, again = ask(""), ask("waiting")
    work(SOUND)
    over = ask("waiting")

    assert (first.status_code, again.status_code) == (200, 200)
    assert over.status_code == 286, "htmx stops asking"
    assert 'role="status"' in first.content.decode()
    assert 'role="status"' not in again.content.decode()
    assert "Verified: nothing is wrong." in over.content.decode()
    assert not Entry.objects.filter(action=Action.LOG_VIEWED).exists()


@pytest.mark.django_db(transaction=True)
def test_one_left_behind_by_a_worker_that_was_killed_is_said_to_be_interrupted(
    gwen: User, as_role: Any, work: Callable[..., None]
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
    assert "Ask for it again" in _text(client_of(gwen).get(f"{PAGE}{one.number}/"))
    assert not Entry.objects.filter(action=Action.LOG_VERIFIED).exists()
    assert ask_verification(by=gwen).number != one.number


@pytest.mark.django_db(transaction=True)
def test_what_another_process_is_at_is_left_to_it(
    gwen: User, as_role: Any, work: Callable[..., None]
) -> None:
    one = ask_verification(by=gwen)
    elsewhere = connections.create_connection("default")
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [VERIFYING])
        work(SOUND)
        one.refresh_from_db()
        assert one.result == "waiting"
    finally:
        elsewhere.close()
    work(SOUND)
    one.refresh_from_db()
    assert one.result == "sound"


def test_a_hundred_problems_are_said_to_be_more(gwen: User, work: Callable[..., None]) -> None:
    assert MOST_PROBLEMS == MOST_NAMED
    for count, said in (
        (1, "1 thing is wrong"),
        (99, "99 things are wrong"),
        (MOST_NAMED, "100 or more things are wrong"),
    ):
        one = ask_verification(by=gwen)
        work(replace(WRONG, problems=("Something.",) * count))
        assert said in _text(client_of(gwen).get(f"{PAGE}{one.number}/"))


def test_silence_for_minutes_is_said(gwen: User) -> None:
    one = ask_verification(by=gwen)
    assert not is_silent(one)
    one.asked_at = now() - timedelta(minutes=3)
    assert is_silent(one)
    one.heard_at = now()
    assert not is_silent(one)
    one.heard_at, one.finished_at = one.asked_at, now()
    assert not is_silent(one)


def test_the_history_of_a_period_is_listed_and_taken_away(
    gwen: User, priya: User, work: Callable[..., None]
) -> None:
    one = ask_verification(by=priya)
    work(WRONG)
    work(SOUND, verify_tonight)
    day = one.asked_at.date()
    inside = {"since": str(day - timedelta(days=1)), "until": str(day + timedelta(days=1))}

    def history(person: User, **period: str) -> list[dict[str, str]]:
        answer = client_of(person).get(f"{PAGE}history.csv", period)
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    named, blind = history(priya, **inside), history(gwen)
    assert [(row["scope"], row["result"], row["problems"]) for row in named] == [
        ("nightly", "sound", "0"),
        ("whole", "failed", "2"),
    ]
    assert [row["asked_by"] for row in named] == ["nightly", "Priya Patel"]
    assert [row["asked_by"] for row in blind] == ["nightly", str(priya.id)]
    assert history(priya, until="2020-01-31") == []
    downloads = Entry.objects.filter(action=Action.LOG_DOWNLOADED).order_by("id")
    assert [entry.facts for entry in downloads] == [
        {"form": "verifications", "count": 2, "filters": inside},
        {"form": "verifications", "count": 2, "filters": {}},
        {"form": "verifications", "count": 0, "filters": {"until": "2020-01-31"}},
    ]
    page = _text(client_of(gwen).get(PAGE, inside))
    assert "2 things are wrong" in page
    assert "Priya" not in page
    assert "not been verified in this time" in _text(
        client_of(gwen).get(PAGE, {"until": "2020-01-31"})
    )
