"""What somebody altered in the database takes no search of the desk with it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from messaging.models import Channel, Correction, Message, MessageVersion
from messaging.rendering import UNREADABLE
from messaging.services.corrections import correct_own
from messaging.services.messages import edit_message
from oversight.models import SearchRecord
from tests.scenes import say

type Ask = Callable[..., Any]
type AsRole = Callable[[str], AbstractContextManager[None]]

ALTERED = b"\0" * 60
NAMED = "Not everything could be searched"


@pytest.fixture
def message(year_5: Channel, alice: User, bob: User) -> Message:
    """A message between two others, edited and corrected."""
    say(alice, year_5, "Coach at nine")
    said = say(bob, year_5, "Oliver cried about swimming")
    edit_message(author=bob, message_id=said.id, body="Oliver cried about the swimming")
    correct_own(author=bob, message_id=said.id, body="It was Otto")
    say(alice, year_5, "I will ring home")
    return said


def _place(desk: Client, message: Message) -> str:
    number = SearchRecord.objects.latest("number").number
    answer = desk.get(f"/safeguarding/searches/{number}/messages/{message.id}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_altered_correction_is_left_out_and_its_month_is_named(
    ask: Ask, desk: Client, message: Message, bob: User, as_role: AsRole
) -> None:
    correct_own(author=bob, message_id=message.id, body="It was Oskar")
    with as_role("owner"):
        Correction.objects.filter(number=1).update(sealed=ALTERED)

    page = ask("swimming").content.decode()
    place = _place(desk, message)

    assert NAMED in page
    for shown in (page, place):
        assert "It was Oskar" in shown
        assert "It was Otto" not in shown


def test_altered_neighbours_and_earlier_versions_are_said_to_be_unreadable(
    ask: Ask, desk: Client, message: Message, as_role: AsRole
) -> None:
    others = Message.objects.filter(kind="text").exclude(id=message.id)
    with as_role("owner"):
        MessageVersion.objects.filter(message__in=others).update(sealed=ALTERED)
        MessageVersion.objects.filter(message=message, number=1).update(sealed=ALTERED)

    page = ask("swimming").content.decode()
    place = _place(desk, message)

    assert NAMED in page
    assert page.count(UNREADABLE) == 2
    assert place.count(UNREADABLE) == 3
    assert "<mark>swimming</mark>" in page
    assert "Coach at nine" not in page
