"""What asks for attention is found, once for each thing, and its alert is an entry."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import FailedCode, User
from accounts.services.sessions import count_failed_code
from audit.actions import Action
from audit.clock import now
from audit.models import Entry
from audit.services import record
from oversight.inquiry import Inquiry
from oversight.models import Alert, AlertKind
from oversight.queries.filters import Wanted
from oversight.queries.verifications import Period
from oversight.services.alerts import acknowledge_alert, raise_alert
from oversight.services.log import download_log, download_verifications
from oversight.services.searches import open_search
from oversight.thresholds import (
    DOWNLOADED_ENTRIES,
    DOWNLOADS,
    EXPORTED_MESSAGES,
    EXPORTS,
    FAILED_CODES,
    SEARCHES,
)
from oversight.workers.watching import watch
from retention.models import Export
from retention.services.exports import request_export
from tests.oversight.alerts import give_role, raised
from tests.oversight.conftest import REASON
from tests.roles import acting_as
from tests.scenes import channel_of, say

PAGE = Path(settings.BASE_DIR) / "docs" / "reference" / "alerts.md"


def _look(at: datetime | None = None) -> list[tuple[str, object]]:
    """A look of the job that watches; which alerts it raised, and about what."""
    before = set(Alert.objects.values_list("pk", flat=True))
    with acting_as("worker"):
        watch(at, look_again=0)
    fresh = Alert.objects.exclude(pk__in=before).order_by("number")
    return list(fresh.values_list("kind", "about"))


def _search(person: User, times: int) -> None:
    for number in range(times):
        open_search(by=person, inquiry=Inquiry(reason=REASON, words=f"word {number}"))


def _export(person: User, times: int) -> list[Export]:
    today = timezone.localdate()
    return [
        request_export(
            by=person,
            channel=channel_of(person),
            since=today,
            until=today,
            purpose="access",
            reason=REASON,
            recipient="The person",
        )
        for _ in range(times)
    ]


def _acknowledge(alert: object, by: User) -> None:
    acknowledge_alert(by=by, uid=Alert.objects.get(kind=alert).uid)


def test_many_searches_of_one_person_in_an_hour_are_an_alert(dana: User, helen: User) -> None:
    _search(dana, SEARCHES.amount - 1)
    assert _look() == []
    _search(dana, 1)
    assert _look() == [("mass_search", dana.pk)]
    assert _look() == []


def test_what_somebody_has_looked_into_is_not_raised_again_for_the_same_searches(
    dana: User, helen: User
) -> None:
    _search(dana, SEARCHES.amount)
    _look()
    _acknowledge("mass_search", helen)
    _search(dana, 1)
    assert _look() == []
    _search(dana, SEARCHES.amount)
    assert _look() == [("mass_search", dana.pk)]


def test_as_many_searches_of_two_people_or_over_a_longer_time_are_none(
    dana: User, deputy: User
) -> None:
    _search(dana, SEARCHES.amount - 1)
    _search(deputy, SEARCHES.amount - 1)
    assert _look() == []
    with patch("audit.services.now", lambda: now() + timedelta(hours=2)):
        _search(dana, 1)
    later = _look(now() + timedelta(hours=2))  # at which time all of it should have been sealed
    assert [kind for kind, _ in later] == ["sealing_behind"]


def test_many_exports_asked_for_in_a_day_are_an_alert(priya: User) -> None:
    _export(priya, EXPORTS.amount - 1)
    assert _look() == []
    _export(priya, 1)
    assert _look() == [("export_volume", priya.pk)]


def test_many_messages_in_one_export_are_an_alert_about_whoever_asked_for_it(
    priya: User, record_written: Callable[[Export, int], None]
) -> None:
    (export,) = _export(priya, 1)
    record_written(export, EXPORTED_MESSAGES.amount - 1)
    assert _look() == []
    record_written(export, 1)
    assert _look() == [("export_volume", priya.pk)]


@pytest.fixture
def record_written() -> Callable[[Export, int], None]:
    """Ten thousand messages would take long to write: what their worker enters will do."""

    @transaction.atomic
    def enter(export: Export, messages: int) -> None:
        record(
            Action.EXPORT_WRITTEN,
            actor=None,
            subject=export.uid,
            number=export.number,
            messages=messages,
            manifest_sha256=bytes(32),
            bundle_sha256=bytes(32),
        )

    return enter


@pytest.fixture
def downloaded() -> Callable[[User, int], None]:
    """A hundred thousand entries would take long to write: what the download enters will do."""

    @transaction.atomic
    def enter(person: User, entries: int) -> None:
        record(Action.LOG_DOWNLOADED, actor=person.pk, form="jsonl", count=entries, filters={})

    return enter


def test_many_files_of_the_log_in_a_day_are_an_alert(gwen: User, priya: User) -> None:
    for _ in range(DOWNLOADS.amount - 1):
        download_log(by=gwen, wanted=Wanted(), form="csv")
        download_log(by=priya, wanted=Wanted(), form="jsonl")
    assert _look() == []
    download_log(by=gwen, wanted=Wanted(), form="csv")
    assert _look() == [("export_volume", gwen.pk)]
    assert _look() == []


def test_many_entries_in_few_files_are_one_too(
    gwen: User, priya: User, downloaded: Callable[[User, int], None]
) -> None:
    downloaded(gwen, DOWNLOADED_ENTRIES.amount - 2)
    downloaded(gwen, 1)
    downloaded(priya, 1)
    assert _look() == []
    downloaded(gwen, 1)
    assert _look() == [("export_volume", gwen.pk)]


def test_the_history_of_verifications_holds_nothing_of_the_log(gwen: User) -> None:
    for _ in range(DOWNLOADS.amount):
        download_verifications(by=gwen, period=Period())
    assert _look() == []


def test_wrong_codes_for_one_account_within_ten_minutes_are_an_alert(
    alice: User, bob: User
) -> None:
    for _ in range(FAILED_CODES.amount - 1):
        count_failed_code(person=alice)
        count_failed_code(person=bob)
    assert _look() == []
    count_failed_code(person=alice)
    assert _look() == [("failed_second_factor", alice.pk)]


def test_wrong_codes_are_forgotten_after_a_day(alice: User) -> None:
    count_failed_code(person=alice)
    _look()
    assert FailedCode.objects.count() == 1
    _look(now() + timedelta(days=1, minutes=1))
    assert FailedCode.objects.count() == 0


def test_every_role_that_is_given_is_an_alert_once(
    alice: User, bob: User, theo: User, helen: User, priya: User
) -> None:
    first = give_role(alice, asked=theo, granted=helen)
    second = give_role(bob, asked=theo, granted=helen)
    assert {about for kind, about in _look() if kind == "role_changed"} == {first, second}
    for alert in Alert.objects.all():
        acknowledge_alert(by=priya, uid=alert.uid)
    assert _look() == []


def test_entries_that_wait_to_be_sealed_are_an_alert_until_the_next_backlog(
    alice: User, helen: User
) -> None:
    say(alice, channel_of(alice), "Nobody seals this")
    assert _look() == []
    late = now() + timedelta(minutes=2)
    assert _look(late) == [("sealing_behind", None)]
    _acknowledge("sealing_behind", helen)
    assert _look(late) == []


def test_an_alert_is_one_entry_and_so_is_answering_it(helen: User, chris: User) -> None:
    alert = raised(AlertKind.CLOCK_WRONG)
    assert raise_alert(kind=AlertKind.CLOCK_WRONG) is None
    acknowledge_alert(by=helen, uid=alert.uid)
    acknowledge_alert(by=chris, uid=alert.uid)  # later than the first: changes nothing
    entries = Entry.objects.filter(action__startswith="alert.").order_by("id")
    assert list(entries.values_list("action", "actor", "subject", "facts")) == [
        ("alert.raised", None, alert.uid, {"kind": "clock_wrong"}),
        ("alert.acknowledged", helen.pk, alert.uid, {"kind": "clock_wrong"}),
    ]
    alert.refresh_from_db()
    assert alert.acknowledged_by == helen
    assert raise_alert(kind=AlertKind.CLOCK_WRONG) is not None


def test_one_alert_of_a_kind_about_each_thing_may_be_open(alice: User, bob: User) -> None:
    raised(AlertKind.MASS_SEARCH, alice)
    raised(AlertKind.MASS_SEARCH, bob)
    raised(AlertKind.EXPORT_VOLUME, alice)
    assert raise_alert(kind=AlertKind.MASS_SEARCH, about=alice.pk) is None


def test_the_page_of_the_documentation_lists_every_kind() -> None:
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert [line.split("`")[1] for line in lines] == [str(kind) for kind in AlertKind]
    numbers = (SEARCHES.amount - 1, EXPORTS.amount - 1, FAILED_CODES.amount)
    for line, number in zip(lines, numbers, strict=False):
        assert f" {number} " in line
    for number in (
        EXPORTED_MESSAGES.amount - 1,
        DOWNLOADS.amount - 1,
        DOWNLOADED_ENTRIES.amount - 1,
    ):
        assert f" {number:,} " in lines[1]
