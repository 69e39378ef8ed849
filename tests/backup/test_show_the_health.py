"""The page that says whether the record would survive the loss of the machine."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from accounts.models import User
from audit.clock import now
from schoolchat.backup.models import Backup, Drill
from tests.cast import client_of

pytestmark = pytest.mark.django_db
PAGE = "/manage/health/"


def _page(person: User) -> str:
    return client_of(person).get(PAGE).content.decode()


def _backed_up(hours_ago: float) -> None:
    at = now() - timedelta(hours=hours_ago)
    Backup.objects.create(
        name="2026",
        made_at=at,
        finished_at=at,
        manifest_sha256=bytes(32),
        entries=51_377,
        messages=48_211,
        files=902,
        bytes=1_500_000,
    )


def _drilled(days_ago: float, problems: int = 0) -> None:
    at = now() - timedelta(days=days_ago)
    Drill.objects.create(
        backup="2026",
        backup_made_at=at,
        began_at=at,
        finished_at=at,
        manifest_sha256=bytes(32),
        entries=1,
        messages=2,
        versions=3,
        files=4,
        problems=problems,
    )


def test_a_school_without_backups_is_told(theo: User) -> None:
    page = _page(theo)
    assert "Never backed up" in page
    assert "No backup was ever tried out" in page
    assert "Nobody has said how long the school keeps snapshots" in page


@pytest.mark.database_role("owner")
@pytest.mark.parametrize(
    ("hours", "light"), [(1, "chip--good"), (30, "chip--warn"), (100, "chip--bad")]
)
def test_the_age_of_the_last_backup_has_its_light(theo: User, hours: int, light: str) -> None:
    _backed_up(hours)
    page = _page(theo)
    assert f'<span class="chip {light}">Last backup' in page
    assert "48,211" in page


@pytest.mark.database_role("owner")
def test_a_drill_that_found_something_is_red_and_one_long_ago_amber(theo: User) -> None:
    _drilled(settings.BACKUPS.drill_days + 1)
    assert '<span class="chip chip--warn">Last drill' in _page(theo)
    _drilled(0, problems=2)
    assert "The last drill found something wrong" in _page(theo)
    assert "2 problems" in _page(theo)


def test_a_journal_in_the_data_folder_is_amber(theo: User, tmp_path: Path) -> None:
    assert "The journal would be lost with the machine" in _page(theo)
    with override_settings(JOURNAL=tmp_path):
        assert "The journal is whole" in _page(theo)
    with override_settings(JOURNAL=tmp_path / "unmounted"):
        assert "mount its folder or put its bucket right" in _page(theo)


def test_it_says_how_long_the_school_keeps_snapshots(
    theo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    for days, said in ((0, "keeps no snapshots"), (90, "90 days")):
        monkeypatch.setattr(settings, "BACKUPS", replace(settings.BACKUPS, snapshot_days=days))
        assert said in _page(theo)


def test_it_is_there_for_those_who_run_the_school_alone(
    theo: User, helen: User, alice: User, priya: User
) -> None:
    assert [client_of(one).get(PAGE).status_code for one in (theo, helen)] == [200, 200]
    assert {client_of(one).get(PAGE).status_code for one in (alice, priya)} <= {403, 404}
    assert f'href="{PAGE}"' in client_of(theo).get("/manage/").content.decode()


def test_those_who_answer_for_the_record_see_it_among_the_records(
    priya: User, dana: User, theo: User
) -> None:
    page = client_of(priya).get("/records/backups/").content.decode()
    assert "Never backed up" in page
    assert client_of(dana).get("/records/backups/").status_code == 200
    assert client_of(theo).get("/records/backups/").status_code in {403, 404}
    assert 'href="/records/backups/"' in client_of(priya).get("/records/").content.decode()
