"""The database asks for the days that the school has set, whoever writes a step."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from audit.clock import now
from retention.closures import closed_days
from retention.due.calendar import school_days_after
from retention.models import Disposal, Policy, RecordsSettings
from retention.queries.steps import objections_end
from retention.services.disposals import approve_disposal, propose_disposals
from tests.retention.conftest import Clock
from tests.retention.scenes import past_channel
from tests.roles import acting_as


def _proposed(
    *, proposed_at: datetime, object_before: datetime, record_class: str = "other"
) -> Disposal:
    rule = Policy.objects.filter(record_class="routine").latest("version")
    with transaction.atomic():
        return Disposal.objects.create(
            record_class=record_class, policy=rule, cut_off=date(2026, 1, 1), due=1, held=0,
            digest="00", proposed_at=proposed_at, object_before=object_before,
        )  # fmt: skip


@pytest.mark.django_db
def test_a_proposal_leaves_owners_the_days_that_the_school_gives_them() -> None:
    at = now()
    for begun, until in (
        (at, at), (at, at + timedelta(days=9)), (at - timedelta(days=40), at),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="may object"):
            _proposed(proposed_at=begun, object_before=until)
    _proposed(proposed_at=at, object_before=objections_end(at))
    RecordsSettings.objects.create(object_days=0)
    _proposed(proposed_at=at, object_before=at, record_class="another")


@pytest.mark.django_db
def test_days_on_which_the_school_is_closed_do_not_count() -> None:
    at = now()
    first, last = (at + timedelta(days=1)).date(), (at + timedelta(days=30)).date()
    closed = f"{first:%d/%m/%Y} to {last:%d/%m/%Y}"
    RecordsSettings.objects.create(object_days=5, closed=closed)
    with pytest.raises(DatabaseError, match="may object"):
        _proposed(proposed_at=at, object_before=at + timedelta(days=25))
    _proposed(proposed_at=at, object_before=objections_end(at))


@pytest.mark.django_db(transaction=True)
def test_an_approval_lapses_when_the_school_says_or_before(
    at: Clock, alice: User, hari: User, helen: User
) -> None:
    past_channel(at, alice)
    (disposal,) = propose_disposals(by=hari)
    with acting_as("owner"):
        Disposal.objects.update(object_before=now())
    then = now()
    late: dict[str, Any] = {
        "state": "approved",
        "approved_by": helen,
        "approved_at": then,
        "cool_until": then + timedelta(days=14),
        "expires_at": then + timedelta(days=31),
    }
    with pytest.raises(DatabaseError, match="lapses when the school says"), transaction.atomic():
        Disposal.objects.filter(pk=disposal.pk).update(**late)
    approve_disposal(by=helen, number=disposal.number)


_DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
_PERIODS = st.lists(st.tuples(_DAYS, st.integers(0, 60)), max_size=3)


@pytest.mark.django_db
@settings(max_examples=50, deadline=None)
@given(day=_DAYS, number=st.integers(1, 60), periods=_PERIODS)
def test_it_never_asks_for_more_days_than_the_calendar_has(
    day: date, number: int, periods: list[tuple[date, int]]
) -> None:
    lines = (
        f"{first:%d/%m/%Y} to {first + timedelta(days=more):%d/%m/%Y}" if more
        else f"{first.day}/{first.month}/{first.year}"
        for first, more in periods
    )  # fmt: skip
    text = "\n".join(lines)
    with connection.cursor() as cursor:
        cursor.execute("SELECT retention_school_days_after(%s, %s, %s)", [day, number, text])
        found = cursor.fetchone()[0]
    wanted = school_days_after(day, number, closed=closed_days(text))
    assert found <= wanted
