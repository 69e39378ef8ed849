"""How many messages a search finds: asked for after its page, and of one's own channels alone."""

from typing import Any

import pytest

from accounts.models import User
from messaging.models import Channel
from messaging.search.counting import Count, count
from messaging.search.figures import in_words
from messaging.search.query import parse
from messaging.search.scope import Scope
from tests.cast import client_of
from tests.scenes import channel_of, say


@pytest.fixture
def year_5(alice: User, bob: User) -> Channel:
    channel = channel_of(alice, bob)
    for number in range(21):
        say(alice, channel, f"Swimming number{number}")
    return channel


def _page(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("number", "exact", "partial", "said"),
    [
        (1, True, False, "1 message found"),
        (1240, True, False, "1,240 messages found"),
        (12_345, False, False, "About 12,300 messages"),
        (45, False, False, "About 45 messages"),
        (10_000, True, True, "More than 10,000 messages"),
        (10_023, False, True, "More than 10,000 messages"),
    ],
)
def test_it_is_said_no_more_exactly_than_it_is_known(
    number: int, exact: bool, partial: bool, said: str
) -> None:
    assert in_words(Count(number=number, exact=exact, partial=partial)) == said


@pytest.mark.django_db
def test_a_welsh_word_is_counted_about_since_it_stands_for_its_forms(
    year_5: Channel, alice: User
) -> None:
    say(alice, year_5, "We planted beans")
    scope = Scope(channels=frozenset({year_5.id}))
    assert not count(scope, parse("plentyn")).exact
    assert count(scope, parse("beans")).exact


def test_the_page_asks_for_it_and_gets_it(year_5: Channel, bob: User) -> None:
    browser = client_of(bob)

    page = _page(browser.get("/search/", {"q": "swimming"}))
    assert 'hx-get="/search/count/?q=swimming"' in page
    assert "21 messages found" in _page(browser.get("/search/count/", {"q": "swimming"}))


def test_one_page_is_counted_as_it_stands(year_5: Channel, bob: User) -> None:
    page = _page(client_of(bob).get("/search/", {"q": "number7"}))

    assert "1 message found" in page
    assert "/search/count/" not in page


@pytest.mark.parametrize("name", ["carol", "theo", "dana"])
def test_outsiders_are_told_no_number(
    name: str, year_5: Channel, alice: User, request: pytest.FixtureRequest
) -> None:
    outsider = request.getfixturevalue(name)
    own = channel_of(outsider, name="Own")
    say(outsider, own, "Swimming of my own")
    client = client_of(outsider)

    assert "1 message found" in _page(client.get("/search/count/", {"q": "swimming"}))
    hidden = {"q": "swimming", "channel": str(year_5.id)}
    assert "found" not in _page(client.get("/search/count/", hidden))


def test_what_cannot_be_read_counts_nothing(bob: User) -> None:
    assert "found" not in _page(client_of(bob).get("/search/count/", {"q": '"swimming'}))
