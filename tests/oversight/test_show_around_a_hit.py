"""The lead has ten messages before and after a hit shown beside it, and that is on record."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.actions import Action
from audit.models import Entry, Item
from messaging.models import Channel, Message
from messaging.services.messages import edit_message
from oversight.models import SearchRecord
from tests.cast import client_of
from tests.scenes import say

type Ask = Callable[..., Any]


@pytest.fixture
def lines(year_5: Channel, alice: User, bob: User) -> list[Message]:
    """Twenty-five of which the thirteenth is found, in the wording that it had."""
    said = [say(alice, year_5, f"Line{number} of the day") for number in range(12)]
    said.append(say(bob, year_5, "Oliver cried about the swimming"))
    said += [say(alice, year_5, f"Line{number} of the day") for number in range(13, 25)]
    edit_message(author=bob, message_id=said[12].id, body="Nothing")
    return said


def _address(search: SearchRecord, message: Message) -> str:
    return f"/safeguarding/searches/{search.number}/messages/{message.id}/1/around/"


def test_ten_lines_on_each_side_take_the_place_of_three(
    ask: Ask, desk: Client, lines: list[Message], dana: User
) -> None:
    page = ask("swimming").content.decode()
    assert [f"Line{number} " in page for number in (8, 9, 15, 16)] == [False, True, True, False]
    search = SearchRecord.objects.get()
    assert f'hx-get="{_address(search, lines[12])}"' in page

    more = desk.get(_address(search, lines[12])).content.decode()
    for number, there in ((1, False), (2, True), (22, True), (23, False)):
        assert (f"Line{number} " in more) is there
    for side in ("before", "after"):
        assert f'id="{side}-{lines[12].id}-1"' in page
        assert f'id="{side}-{lines[12].id}-1"' in more
    assert "Messages shown: 10 before and 10 after." in more

    entry = Entry.objects.get(action=Action.MESSAGE_OPENED)
    assert (entry.actor, entry.subject) == (dana.id, lines[12].id)
    assert entry.facts["search"] == str(search.uid)
    items = Item.objects.filter(entry=entry).values_list("subject", flat=True)
    assert set(items) == {line.id for line in (*lines[2:12], *lines[13:23])}


def test_where_there_is_no_more_none_is_offered(
    ask: Ask, year_5: Channel, alice: User, bob: User
) -> None:
    say(alice, year_5, "Coach at nine")
    say(bob, year_5, "Only swimming")
    assert "/around/" not in ask("swimming").content.decode()


@pytest.mark.parametrize("name", ["deputy", "carol", "theo", "bob"])
def test_nobody_else_is_shown_it_nor_what_was_not_found(
    name: str, ask: Ask, desk: Client, lines: list[Message], request: pytest.FixtureRequest
) -> None:
    ask("swimming")
    search = SearchRecord.objects.get()
    outsider = client_of(request.getfixturevalue(name))
    assert outsider.get(_address(search, lines[12])).status_code == 404
    assert desk.get(_address(search, lines[3])).status_code == 404
    assert not Entry.objects.filter(action=Action.MESSAGE_OPENED).exists()
