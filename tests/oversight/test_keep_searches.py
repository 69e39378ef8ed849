"""A search that the lead will make again is kept by a name, and each time it is recorded anew."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.actions import Action
from audit.models import Entry, SealedRecord
from audit.sealed import open_record
from messaging.models import Channel
from oversight.models import Concern, SearchRecord
from oversight.services.concerns import raise_concern
from tests.cast import client_of
from tests.scenes import say

type Ask = Callable[..., Any]


@pytest.fixture
def concern(year_5: Channel, alice: User, bob: User) -> Concern:
    message = say(bob, year_5, "Oliver cried about the swimming")
    return raise_concern(by=alice, message_id=message.id, note="Third time")


def _page(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_kept_search_stands_on_the_desk_and_at_its_concern(
    ask: Ask, desk: Client, concern: Concern
) -> None:
    page = _page(ask("swimming", name="Oliver", concern=str(concern.number)))
    assert "Kept as" in page

    for address in ("/safeguarding/", f"/safeguarding/concerns/{concern.number}/"):
        page = _page(desk.get(address))
        assert "Oliver</a>" in page
        assert "Search again and record it" in page
    sealed = bytes(SealedRecord.objects.get(id=SearchRecord.objects.get().record).sealed)
    assert b"Oliver" not in sealed


def test_one_click_makes_it_again_and_records_it(
    ask: Ask, desk: Client, concern: Concern, year_5: Channel, bob: User, dana: User
) -> None:
    ask("swimming", name="Oliver")
    first = SearchRecord.objects.get()
    assert first.hits == 1
    say(bob, year_5, "Swimming again")

    page = _page(desk.post(f"/safeguarding/searches/{first.number}/again/", follow=True))

    again = SearchRecord.objects.latest("number")
    assert "Swimming</mark> again" in page
    assert (again.hits, again.kept) == (2, True)
    assert open_record(again.record)["name"] == "Oliver"
    first.refresh_from_db()
    assert not first.kept
    made = Entry.objects.filter(action=Action.RECORD_SEARCHED, actor=dana.id)
    assert set(made.values_list("subject", flat=True)) == {first.uid, again.uid}


def test_what_is_kept_no_longer_stays_on_record(ask: Ask, desk: Client, concern: Concern) -> None:
    ask("swimming", name="Oliver")
    number = SearchRecord.objects.get().number

    page = _page(desk.post(f"/safeguarding/searches/{number}/let-go/", follow=True))

    assert f"Search {number} is no longer kept." in page
    assert "Kept searches" not in page
    assert SearchRecord.objects.filter(number=number).exists()


def test_a_search_without_a_name_is_not_kept(ask: Ask, desk: Client, concern: Concern) -> None:
    ask("swimming")

    assert "Kept searches" not in _page(desk.get("/safeguarding/"))
    assert "name" not in open_record(SearchRecord.objects.get().record)


@pytest.mark.parametrize("name", ["deputy", "carol", "theo", "bob"])
def test_nobody_else_makes_it_again_or_sees_it(
    name: str, ask: Ask, concern: Concern, request: pytest.FixtureRequest
) -> None:
    ask("swimming", name="Oliver")
    number = SearchRecord.objects.get().number
    client = client_of(request.getfixturevalue(name))

    for deed in ("again", "let-go", "count"):
        answer = client.post(f"/safeguarding/searches/{number}/{deed}/")
        assert answer.status_code in {404, 405}
    assert "Oliver" not in client.get("/safeguarding/").content.decode()
    assert SearchRecord.objects.get().kept
