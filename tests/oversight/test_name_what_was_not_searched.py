"""A month whose key is missing: whoever searches, as a member or at the desk, is told which it is,
and nothing is said to be nowhere."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.utils.formats import date_format

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.models import Channel, IndexKey
from messaging.search.domains import forget_keys
from messaging.templatetags.months import stretches
from oversight.models import SearchRecord
from tests.cast import client_of
from tests.scenes import say

type AsRole = Callable[[str], AbstractContextManager[None]]
type Ask = Callable[..., Any]

NOTHING = "Nothing was found in what could be searched."


@pytest.fixture
def lost(year_5: Channel, alice: User, as_role: AsRole) -> str:
    """A month as a page names it, in which Alice wrote of swimming and of which the key is lost."""
    say(alice, year_5, "Swimming is at nine")
    with as_role("owner"):
        IndexKey.objects.update(wrapped=b"\0" * 40)
    forget_keys()
    return date_format(IndexKey.objects.earliest("month").month, "F Y")


def test_a_member_is_told(lost: str, bob: User, carol: User) -> None:
    page = client_of(bob).get("/search/", {"q": "swimming"}).content.decode()
    assert f"Not everything could be searched: {lost}." in page
    assert NOTHING in page
    typed = client_of(bob).get("/search/", {"q": "swimming"}, headers={"HX-Request": "true"})
    assert "Nothing was found. Not everything could be searched." in typed.content.decode()
    found = client_of(carol).get("/search/", {"q": "swimming"}, headers={"HX-Request": "true"})
    assert "Year 5" not in found.content.decode()


def test_the_lead_is_told(lost: str, ask: Ask) -> None:
    page = ask("swimming").content.decode()
    assert f"Not everything could be searched: {lost}." in page
    assert NOTHING in page


def test_a_search_that_could_not_read_a_month_is_not_complete_on_record(
    lost: str, ask: Ask
) -> None:
    ask("swimming")
    assert SearchRecord.objects.get().partial
    assert Entry.objects.get(action=Action.RECORD_SEARCHED).facts["partial"] is True


def test_many_months_are_named_as_stretches() -> None:
    year = [date(2026, month, 1) for month in range(12, 0, -1)]
    others = [date(2025, 12, 1), date(2025, 10, 1)]
    assert stretches([*year[2:], *others]) == [
        (date(2025, 12, 1), date(2026, 10, 1)),
        (date(2025, 10, 1), date(2025, 10, 1)),
    ]
    assert stretches([]) == []
