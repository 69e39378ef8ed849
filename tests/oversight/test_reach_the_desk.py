"""Who gets to the desk, and whose searches are whose."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from messaging.models import Channel
from oversight.models import SearchRecord
from tests.cast import client_of
from tests.oversight.conftest import REASON
from tests.scenes import say

type Ask = Callable[..., Any]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["alice", "carol", "theo", "hari", "gwen", "helen", "priya"])
def test_nobody_else_gets_to_the_desk(name: str, request: pytest.FixtureRequest) -> None:
    client = client_of(request.getfixturevalue(name))

    assert client.get("/safeguarding/").status_code == 404
    assert client.get("/safeguarding/searches/new/").status_code == 404
    assert client.post("/safeguarding/searches/new/", {"reason": REASON}).status_code == 404


def test_the_desk_asks_for_the_second_factor(dana: User) -> None:
    answer = client_of(dana, second_factor=False).get("/safeguarding/searches/new/")

    assert answer.status_code == 302
    assert "/accounts/" in answer["Location"]


def test_a_search_is_its_searchers_own(ask: Ask, year_5: Channel, bob: User, deputy: User) -> None:
    say(bob, year_5, "Only swimming")
    ask("swimming")
    number = SearchRecord.objects.get().number

    assert client_of(deputy).get(f"/safeguarding/searches/{number}/").status_code == 404


def test_past_searches_are_listed_with_what_was_opened(
    ask: Ask, desk: Client, year_5: Channel, bob: User
) -> None:
    message = say(bob, year_5, "Only swimming")
    ask("swimming")
    number = SearchRecord.objects.get().number
    desk.get(f"/safeguarding/searches/{number}/messages/{message.id}/")

    answer = desk.get("/safeguarding/searches/")

    assert "A parent rang" in answer.content.decode()
    assert answer.context["searches"][0]["opened"] == 1
