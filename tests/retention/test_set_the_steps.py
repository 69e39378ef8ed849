"""How long the steps last is set by an approver, never down to one person."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from audit.models import Entry
from retention.closures import UnreadableLine, closed_days
from retention.models import RecordsSettings
from retention.queries.steps import objections_end, records_settings
from tests.cast import client_of

SHORT = {"object_days": 2, "cool_days": 1, "expire_days": 30, "closed": ""}


@pytest.mark.django_db
def test_an_approver_sets_them_and_the_log_has_it(helen: User, priya: User, carol: User) -> None:
    client_of(priya).post("/records/steps/", SHORT)
    assert records_settings().object_days == 10
    assert client_of(carol).post("/records/steps/", SHORT).status_code == 404
    client_of(helen).post("/records/steps/", SHORT)
    assert (records_settings().object_days, records_settings().cool_days) == (2, 1)
    entry = Entry.objects.get(action="setting.changed")
    assert entry.facts["fields"] == ["cool_days", "object_days"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"cool_days": 30}, {"object_days": 61}, {"closed": "at Christmas"}]
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object], helen: User) -> None:
    answer = client_of(helen).post("/records/steps/", SHORT | wrong)
    assert answer.status_code == 200
    assert not RecordsSettings.objects.exists()


@pytest.mark.django_db
def test_there_is_always_time_to_carry_it_out() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordsSettings.objects.create(cool_days=30, expire_days=30)


@pytest.mark.django_db
def test_holidays_are_no_school_days() -> None:
    at = datetime(2026, 12, 14, 9, tzinfo=UTC)
    RecordsSettings.objects.create(object_days=5)
    assert objections_end(at).date() == date(2026, 12, 22)
    RecordsSettings.objects.update(closed="19/12/2026 to 3/1/2027")
    assert objections_end(at).date() == date(2027, 1, 5)


def test_a_line_is_a_day_or_a_period() -> None:
    assert closed_days("1/9/2026\n\n 21/12/2026 to 23/12/2026") == {
        date(2026, 9, 1),
        *(date(2026, 12, day) for day in (21, 22, 23)),
    }
    for line in ("31/2/2026", "2026-12-21", "3/1/2027 to 21/12/2026", "1/1/2026 to 1/1/2028"):
        with pytest.raises(UnreadableLine):
            closed_days(line)
