"""A number is of the index, which knows the words of every channel: it says nothing of those that
are out of reach."""

from typing import Any

import pytest

from accounts.models import User
from messaging.models import Channel
from messaging.search.counting import count
from messaging.search.query import parse
from messaging.search.scope import Scope
from tests.cast import client_of
from tests.scenes import channel_of, say

#: Each stands for "suspended", and by its stem "suspending" would be counted with it.
OPEN = ["suspended*", "*suspended", "*spended*", "~suspnded"]


@pytest.fixture
def own(carol: User) -> Channel:
    """Carol's own channel, where another form of the word stands."""
    channel = channel_of(carol, name="Own")
    say(carol, channel, "They think of suspending the clubs")
    return channel


def _said(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("words", OPEN)
def test_an_outsider_reads_the_same_number_whatever_others_say(
    words: str, own: Channel, carol: User, alice: User, bob: User
) -> None:
    client = client_of(carol)
    before = _said(client.get("/search/count/", {"q": words}))
    say(alice, channel_of(alice, bob), "Oliver is suspended")

    assert _said(client.get("/search/count/", {"q": words})) == before
    assert "essage" not in before


def test_the_lead_reads_no_number_of_what_is_said_about_herself(
    alice: User, bob: User, dana: User
) -> None:
    year_5 = channel_of(alice, bob)
    say(alice, year_5, "They think of suspending the clubs")
    about = channel_of(alice, bob, name="About D", about=[dana])
    say(alice, about, "Dana is suspended")
    scope = Scope(channels=None, excluded=frozenset({about.id}), versions=True)
    assert not any(count(scope, parse(words)).number for words in OPEN)
    assert count(Scope(channels=None), parse("suspended*")).number == 2


def test_plain_words_are_counted_in_all_their_forms(own: Channel, carol: User) -> None:
    assert "1 message found" in _said(client_of(carol).get("/search/count/", {"q": "suspended"}))
