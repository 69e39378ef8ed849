"""The desk types filters and signs among its words, and sees how they were understood."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from messaging.models import Channel, ChannelSubject
from messaging.services.messages import delete_message, edit_message
from oversight.errors import SearchUnreadable
from oversight.inquiry import Inquiry
from oversight.services.searches import open_search
from tests.oversight.conftest import REASON
from tests.scenes import channel_of, say

type Ask = Callable[..., Any]


def _page(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_name_that_is_misspelt_is_found_by_whom_where_and_what_became_of_it(
    ask: Ask, year_5: Channel, alice: User, bob: User
) -> None:
    gone = say(alice, year_5, "Katherine was crying again")
    delete_message(by=alice, message_id=gone.id)
    edited = say(bob, year_5, "Catherine hid in the shed")
    edit_message(author=bob, message_id=edited.id, body="Nothing")
    say(bob, year_5, "Kathrine is fine")

    page = _page(ask('~kathryn from:bob in:"year 5" is:edited'))
    assert "<mark>Catherine</mark> hid" in page
    assert "crying" not in page
    assert "Understood as" in page
    assert "By Bob Brennan · In Year 5 · Edited · Like ‘kathryn’" in page

    page = _page(ask("~kathryn is:deleted"))
    assert "<mark>Katherine</mark> was crying" in page
    assert "shed" not in page


def test_a_channel_about_the_searcher_cannot_be_named(
    year_5: Channel, alice: User, bob: User, dana: User
) -> None:
    about = channel_of(alice, bob, name="About Dana")
    ChannelSubject.objects.create(channel=about, person=dana)
    with pytest.raises(
        SearchUnreadable, match="No channel that you can search has the name at character 6"
    ):
        open_search(by=dana, inquiry=Inquiry(reason=REASON, words='trip in:"about dana"'))


@pytest.mark.parametrize("words", ["trip is:gone", "trip from:nobody", "trip on:31/2/2026"])
def test_a_filter_that_cannot_be_read_is_refused_with_its_place(words: str, dana: User) -> None:
    with pytest.raises(SearchUnreadable, match="at character 6"):
        open_search(by=dana, inquiry=Inquiry(reason=REASON, words=words))
