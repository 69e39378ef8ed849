"""Whom and where a recorded search asked for stays what it was, however they are called later."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.sealed import open_record, seal_record
from messaging.models import Channel
from messaging.services.channels import create_channel
from oversight.inquiry import Inquiry
from oversight.models import SearchRecord
from oversight.services.searches import RECORD_CLASS, open_search
from tests.cast import client_of
from tests.oversight.conftest import REASON
from tests.roles import acting_as
from tests.scenes import channel_of, say

type Ask = Callable[..., Any]


@pytest.fixture
def year_6(year_5: Channel, alice: User, bob: User) -> Channel:
    """Beside Year 5; Alice writes there of swimming, and Bob in Year 5."""
    other = create_channel(by=alice, kind="private", name="Year 6", members=[bob])
    say(bob, year_5, "Swimming says Bob")
    say(alice, other, "Swimming says Alice")
    return other


def _rename(one: User | Channel, name: str) -> None:
    field = "name" if isinstance(one, Channel) else "display_name"
    with acting_as("owner"):
        type(one)._default_manager.filter(pk=one.pk).update(**{field: name})


def _page(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_search_means_the_same_people_and_channels_after_they_are_renamed(
    ask: Ask, desk: Client, year_5: Channel, year_6: Channel, alice: User, bob: User
) -> None:
    ask('swimming from:bob in:"year 5"', name="Swimming")
    search = SearchRecord.objects.get()
    named = {"from": str(bob.id), "in": str(year_5.id)}
    assert open_record(search.record)["named"] == named
    _rename(bob, "Robert Brennan")
    _rename(alice, "Bob Adeyemi")
    _rename(year_5, "Class of 2030")
    _rename(year_6, "Year 5")

    page = _page(desk.get(f"/safeguarding/searches/{search.number}/"))
    assert "By Robert Brennan · In Class of 2030" in page
    assert "<mark>Swimming</mark> says Bob" in page
    assert "says Alice" not in page
    again = _page(desk.post(f"/safeguarding/searches/{search.number}/again/", follow=True))
    assert "<mark>Swimming</mark> says Bob" in again
    assert open_record(SearchRecord.objects.latest("number").record)["named"] == named
    assert "<mark>Swimming</mark> says Alice" in _page(ask('swimming from:bob in:"year 5"'))


def test_one_from_before_the_ids_were_sealed_goes_on_as_it_did(
    ask: Ask, desk: Client, year_6: Channel, alice: User, bob: User, dana: User
) -> None:
    inquiry = Inquiry(reason=REASON, words="swimming from:bob")
    sealed = seal_record(RECORD_CLASS, inquiry.values())
    search = SearchRecord.objects.create(searcher=dana, record=sealed.id, hits=1, partial=False)

    page = _page(desk.get(f"/safeguarding/searches/{search.number}/"))
    assert "<mark>Swimming</mark> says Bob" in page
    assert "named" not in open_record(sealed.id)
    ask("swimming")
    assert "named" not in open_record(SearchRecord.objects.latest("number").record)


def test_a_channel_that_is_about_the_searcher_now_is_named_no_more(
    ask: Ask, desk: Client, year_5: Channel, year_6: Channel, dana: User
) -> None:
    ask('swimming in:"year 5"')
    with acting_as("owner"):
        year_5.subjects.create(person=dana)

    page = _page(desk.get(f"/safeguarding/searches/{SearchRecord.objects.get().number}/"))
    assert "In another channel" in page
    assert "says Bob" not in page


def test_a_search_whose_words_name_the_head_is_kept_from_the_head(
    dana: User, alice: User, helen: User, chris: User
) -> None:
    channel_of(alice, about=[helen], name="Rota")
    open_search(by=dana, inquiry=Inquiry(reason=REASON, words="late from:helen"))
    open_search(by=dana, inquiry=Inquiry(reason=REASON, words="late in:rota"))

    assert client_of(helen).get("/records/searches/").context["rows"] == []
    assert len(client_of(chris).get("/records/searches/").context["rows"]) == 2
