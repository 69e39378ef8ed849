"""A recorded search opens what it found: by what a message and its corrections said at the time."""

import pytest
from django.test import Client

from accounts.models import User
from messaging.models import Channel, Message
from messaging.services.corrections import correct_own
from messaging.services.messages import delete_message, edit_message
from oversight.inquiry import Inquiry
from oversight.models import SearchRecord
from oversight.services.searches import open_search
from tests.oversight.conftest import REASON
from tests.scenes import say


@pytest.fixture
def message(year_5: Channel, alice: User) -> Message:
    """Of which a correction says something else."""
    said = say(alice, year_5, "Sam was late on Monday")
    correct_own(author=alice, message_id=said.id, body="The register says Tuesday")
    return said


def _asked(dana: User, words: str) -> SearchRecord:
    return open_search(by=dana, inquiry=Inquiry(reason=REASON, words=words))


def _opens(desk: Client, search: SearchRecord, message: Message) -> bool:
    address = f"/safeguarding/searches/{search.number}/messages/{message.id}/"
    return desk.get(address).status_code == 200


def _found(desk: Client, search: SearchRecord) -> int:
    return len(desk.get(f"/safeguarding/searches/{search.number}/").context["results"].hits)


def test_a_correction_that_came_later_is_neither_found_nor_opens_the_message(
    desk: Client, message: Message, alice: User, dana: User
) -> None:
    before = _asked(dana, "snow")
    both, neither = _asked(dana, "late register"), _asked(dana, "late -snow")
    correct_own(author=alice, message_id=message.id, body="There was snow")

    assert (before.hits, _found(desk, before), _opens(desk, before, message)) == (0, 0, False)
    for search, many in ((both, 1), (_asked(dana, "snow"), 1)):
        assert (search.hits, _found(desk, search)) == (many, many)
        assert _opens(desk, search, message)
    assert neither.hits == 1
    assert _opens(desk, neither, message)


def test_the_corrections_of_then_open_it_also_after_an_edit(
    desk: Client, message: Message, alice: User, dana: User
) -> None:
    search = _asked(dana, "late register")
    edit_message(author=alice, message_id=message.id, body="Sam was delayed")

    assert _opens(desk, search, message)
    # The wording that was replaced is found by its own words; the corrections belong to the new.
    for words, opens in (("late", True), ("delayed register", True), ("late register", False)):
        assert _opens(desk, _asked(dana, words), message) is opens


def test_what_became_of_a_message_later_is_not_what_was_asked_then(
    desk: Client, message: Message, alice: User, dana: User
) -> None:
    edited, deleted = _asked(dana, "late is:edited"), _asked(dana, "late is:deleted")
    edit_message(author=alice, message_id=message.id, body="Sam was very late")
    delete_message(by=alice, message_id=message.id)

    for search in (edited, deleted):
        assert (search.hits, _found(desk, search), _opens(desk, search, message)) == (0, 0, False)
    for words in ("late is:edited", "late is:deleted"):
        later = _asked(dana, words)
        assert (later.hits, _found(desk, later), _opens(desk, later, message)) == (2, 2, True)
