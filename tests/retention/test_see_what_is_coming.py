"""`/records/calendar/` and `/records/`: what comes due, and what open disposals wait for."""

from datetime import date

import pytest

from accounts.models import User
from retention.queries.calendar import calendar_for
from retention.services.disposals import propose_disposals
from tests.cast import client_of
from tests.retention.conftest import Clock
from tests.retention.scenes import WORDS, held, past_channel

pytestmark = pytest.mark.django_db


def test_by_month_and_class_held_or_not(
    at: Clock, alice: User, dana: User, priya: User, carol: User
) -> None:
    past_channel(at, alice, name="Kiln club")
    held(dana, channel=past_channel(at, alice, name="Heather club"))
    (coming,) = calendar_for(priya, date(2024, 6, 10))
    assert (coming.due, coming.policy.record_class) == (date(2025, 4, 1), "routine")
    assert coming.messages == 2 * len(WORDS)
    assert calendar_for(priya, date(2025, 4, 1)) == []
    assert calendar_for(carol, date(2024, 6, 10)) == []


def test_the_front_page_says_what_each_waits_for(
    at: Clock, alice: User, hari: User, priya: User, theo: User
) -> None:
    past_channel(at, alice)
    propose_disposals(by=hari)
    page = client_of(priya).get("/records/").content.decode()
    assert "Owners of channels may object until" in page
    assert client_of(priya).get("/records/calendar/").status_code == 200
    assert client_of(theo).get("/records/calendar/").status_code == 404
