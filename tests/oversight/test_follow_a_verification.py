"""A verification of the log as its page shows it: how far it is, what came of it, and all of them
over a time."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.models import Entry
from oversight.models import Verification
from oversight.models.verifications import MOST_PROBLEMS
from oversight.queries.verifications import is_silent
from oversight.services.verifications import ask_verification
from oversight.verification import MOST_NAMED, Report, Scope
from oversight.workers import verifying
from oversight.workers.verifying import verify_tonight, verify_waiting
from tests.cast import client_of
from tests.oversight.logs import text_of
from tests.oversight.verifications import PAGE, SOUND, WRONG, work


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

    page = text_of(client_of(gwen).get(f"{PAGE}{one.number}/"))

    assert "Reading every entry of the log and the tree over them" in page
    assert "1,200 of 4,000" in page
    assert "<noscript>" in page
    assert "See how far it is" in text_of(client_of(gwen).get(PAGE))


def test_the_page_asks_until_it_is_over_and_is_told_once_of_each_step(gwen: User) -> None:
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


def test_a_hundred_problems_are_said_to_be_more(gwen: User) -> None:
    assert MOST_PROBLEMS == MOST_NAMED
    for count, said in (
        (1, "1 thing is wrong"),
        (99, "99 things are wrong"),
        (MOST_NAMED, "100 or more things are wrong"),
    ):
        one = ask_verification(by=gwen)
        work(replace(WRONG, findings=WRONG.findings[:1] * count))
        assert said in text_of(client_of(gwen).get(f"{PAGE}{one.number}/"))


def test_silence_for_minutes_is_said(gwen: User) -> None:
    one = ask_verification(by=gwen)
    assert not is_silent(one)
    one.asked_at = now() - timedelta(minutes=3)
    assert is_silent(one)
    one.heard_at = now()
    assert not is_silent(one)
    one.heard_at, one.finished_at = one.asked_at, now()
    assert not is_silent(one)


def test_the_history_of_a_period_is_listed_and_taken_away(gwen: User, priya: User) -> None:
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
    page = text_of(client_of(gwen).get(PAGE, inside))
    assert "2 things are wrong" in page
    assert "Priya" not in page
    assert "not been verified in this time" in text_of(
        client_of(gwen).get(PAGE, {"until": "2020-01-31"})
    )
