"""The best match first on the member's page: sorted on request, in pages that stay."""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from messaging.models import Channel
from messaging.search import best as ranked
from tests.cast import client_of
from tests.scenes import channel_of, say


@pytest.fixture
def year_5(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


def _hits(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [hit["message"]["body"] for hit in answer.context["hits"]]


def test_the_best_match_comes_first_where_it_is_asked_for(
    year_5: Channel, alice: User, bob: User
) -> None:
    for text in ("The school trip", "Trips of schools", "A trip to the other school"):
        say(alice, year_5, text)
    browser = client_of(bob)

    newest = browser.get("/search/", {"q": "school trip"})
    assert _hits(newest)[-1] == "The school trip"
    assert "?q=school+trip&amp;sort=best" in newest.content.decode()
    best = browser.get("/search/", {"q": "school trip", "sort": "best"})
    assert _hits(best) == ["The school trip", "A trip to the other school", "Trips of schools"]
    assert "that were found" not in best.content.decode()


def test_pages_of_the_best_stay_while_others_write(year_5: Channel, alice: User, bob: User) -> None:
    say(alice, year_5, "Swimming, the first of all")
    for number in range(21):
        say(alice, year_5, f"They swim, number{number}")
    browser = client_of(bob)
    asked = {"q": "swimming", "sort": "best"}

    first = browser.get("/search/", asked)
    assert _hits(first)[0] == "Swimming, the first of all"
    following = {"before": str(first.context["as_of"]), "skip": first.context["best"].next}
    say(alice, year_5, "Swimming again")
    second = browser.get("/search/", asked | following)

    assert _hits(second) == ["They swim, number1", "They swim, number0"]
    assert _hits(browser.get("/search/", asked | following | {"skip": 0})) == _hits(first)


@pytest.fixture
def few() -> Iterator[None]:
    before, ranked.MOST_RANKED = ranked.MOST_RANKED, 3  # type: ignore[misc]
    yield
    ranked.MOST_RANKED = before  # type: ignore[misc]


@pytest.mark.usefixtures("few")
def test_the_page_says_how_many_were_ranked(year_5: Channel, alice: User, bob: User) -> None:
    for number in range(4):
        say(alice, year_5, f"Swimming number{number}")

    page = client_of(bob).get("/search/", {"q": "swimming", "sort": "best"})

    assert len(_hits(page)) == 3
    assert "The best of the newest 3 messages that were found" in page.content.decode()


@pytest.mark.parametrize("name", ["carol", "theo", "dana"])
def test_outsiders_are_ranked_nothing(
    name: str, year_5: Channel, alice: User, request: pytest.FixtureRequest
) -> None:
    say(alice, year_5, "Swimming is at nine")
    client = client_of(request.getfixturevalue(name))

    page = client.get("/search/", {"q": "swimming", "sort": "best"})
    assert _hits(page) == []
    assert page.context["best"].ranked == 0


def test_filters_alone_cannot_be_ranked(year_5: Channel, alice: User, bob: User) -> None:
    say(alice, year_5, "Swimming is at nine")

    page = client_of(bob).get("/search/", {"q": "from:alice", "sort": "best"})

    assert len(_hits(page)) == 1
    assert "Best match first" not in page.content.decode()
