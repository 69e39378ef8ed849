"""`/search/`: a member finds what they may read, and nothing else."""

from typing import Any

import pytest

from accounts.models import User
from audit.models import Entry
from messaging.marking import marked
from messaging.models import Channel
from messaging.services.messages import delete_message
from tests.cast import client_of
from tests.scenes import channel_of, say


@pytest.fixture
def year_5(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


def _hits(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [hit["message"]["body"] for hit in answer.context["hits"]]


def test_a_member_finds_a_message_and_the_way_to_it(
    year_5: Channel, alice: User, bob: User
) -> None:
    message = say(alice, year_5, "Swimming is at nine")

    answer = client_of(bob).get("/search/", {"q": "swim*"})

    page = answer.content.decode()
    assert "<mark>Swimming</mark>" in page
    assert f"/?channel={year_5.id}&amp;message={message.id}" in page
    assert "Year 5" in page


@pytest.mark.parametrize("name", ["carol", "theo", "dana", "hari"])
def test_an_outsider_finds_nothing(
    name: str, year_5: Channel, alice: User, request: pytest.FixtureRequest
) -> None:
    say(alice, year_5, "Swimming is at nine")
    client = client_of(request.getfixturevalue(name))

    assert _hits(client.get("/search/", {"q": "swimming"})) == []
    named = client.get("/search/", {"q": "swimming", "channel": str(year_5.id)})
    assert "This is none of your channels" in named.content.decode()
    assert "hits" not in named.context


def test_a_deleted_message_is_not_found(year_5: Channel, alice: User, bob: User) -> None:
    delete_message(by=alice, message_id=say(alice, year_5, "Swimming is off").id)

    assert _hits(client_of(bob).get("/search/", {"q": "swimming"})) == []


@pytest.mark.shows("search-chips")
def test_it_narrows_to_a_channel_and_a_person_by_chips(
    year_5: Channel, alice: User, bob: User
) -> None:
    other = channel_of(alice, bob, name="Year 6")
    say(alice, year_5, "Swimming says Alice")
    say(bob, other, "Swimming says Bob")
    browser = client_of(bob)

    inside = browser.get("/search/", {"q": "swimming", "channel": str(year_5.id)})
    assert _hits(inside) == ["Swimming says Alice"]
    assert "In Year 5" in inside.content.decode()
    by_bob = browser.get("/search/", {"q": "swimming", "person": str(bob.id)})
    assert _hits(by_bob) == ["Swimming says Bob"]
    assert "By Bob Brennan" in by_bob.content.decode()


def test_it_demands_no_reason_and_leaves_no_entry(year_5: Channel, bob: User) -> None:
    before = Entry.objects.count()

    client_of(bob).get("/search/", {"q": "swimming"})

    assert Entry.objects.count() == before


def test_a_search_that_cannot_be_read_says_what_to_type(bob: User) -> None:
    answer = client_of(bob).get("/search/", {"q": '"swimming'})

    assert answer.status_code == 422
    assert "is not closed" in answer.content.decode()


def test_pages_go_on(year_5: Channel, alice: User, bob: User) -> None:
    for number in range(21):
        say(alice, year_5, f"Swimming number{number}")
    browser = client_of(bob)

    first = browser.get("/search/", {"q": "swimming"})
    second = browser.get("/search/", {"q": "swimming", "before": str(first.context["page"].next)})
    assert (len(_hits(first)), len(_hits(second))) == (20, 1)
    assert browser.get("/search/", {"q": "swimming", "before": "x"}).status_code == 422


@pytest.mark.django_db
def test_a_stranger_is_led_to_sign_in(client: Any) -> None:
    answer = client.get("/search/", {"q": "swimming"})

    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a trip", "<p>a <mark>trip</mark></p>"),
        ("**trip** now", "<p><strong><mark>trip</mark></strong> now</p>"),
        ("<b>trip</b>", "<p>&lt;b&gt;<mark>trip</mark>&lt;/b&gt;</p>"),
        ("`trip`", "<p><code><mark>trip</mark></code></p>"),
    ],
)
def test_words_are_marked_inside_the_rendered_message(text: str, html: str) -> None:
    at = text.index("trip")

    assert marked(text, [(at, at + 4)]) == html


def test_a_mark_never_breaks_a_link() -> None:
    text = "see [the trip](https://trip.example/trip)"
    spans = [(i, i + 4) for i in range(len(text)) if text.startswith("trip", i)]

    html = marked(text, spans)

    assert 'href="https://trip.example/trip"' in html
    assert ">the <mark>trip</mark></a>" in html


@pytest.mark.shows("search-typed")
def test_while_somebody_types_only_what_was_found_comes_with_its_address(
    year_5: Channel, alice: User, bob: User
) -> None:
    say(alice, year_5, "Swimming is at nine")
    asked = {"q": "swimming", "channel": "", "has": ""}

    answer = client_of(bob).get("/search/", asked, headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert "<mark>Swimming</mark>" in page
    assert "1 message found." in page
    assert "<html" not in page
    assert answer["HX-Replace-Url"] == "/search/?q=swimming"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Type a word to search for."),
        ("nowhere", "Nothing was found."),
        ('"swimming', "is not closed"),
    ],
)
def test_while_somebody_types_it_is_said_what_came_of_it(words: str, said: str, bob: User) -> None:
    answer = client_of(bob).get("/search/", {"q": words}, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert said in answer.content.decode()


@pytest.mark.parametrize("name", ["carol", "theo"])
def test_an_outsider_who_types_is_told_of_nothing(
    name: str, year_5: Channel, alice: User, request: pytest.FixtureRequest
) -> None:
    say(alice, year_5, "Swimming is at nine")
    client = client_of(request.getfixturevalue(name))

    page = client.get("/search/", {"q": "swimming"}, headers={"HX-Request": "true"})

    assert "Nothing was found." in page.content.decode()
    assert _hits(page) == []


@pytest.mark.django_db
def test_a_stranger_who_types_is_led_to_sign_in_as_a_whole(client: Any) -> None:
    answer = client.get("/search/", {"q": "swimming"}, headers={"HX-Request": "true"})

    assert answer["HX-Redirect"].startswith("/accounts/login/?next=")
