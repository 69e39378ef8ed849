"""The fields beside a search's words: people who left, and what cannot be read."""

from typing import Any

import pytest

from accounts.models import User
from accounts.services.people import deactivate_person
from messaging.models import Channel
from tests.cast import client_of
from tests.scenes import channel_of, say


@pytest.fixture
def year_5(alice: User, bob: User) -> Channel:
    """In which Alice wrote of swimming before she left."""
    channel = channel_of(bob, alice)
    say(alice, channel, "Swimming is at nine")
    say(bob, channel, "Swimming is off")
    deactivate_person(by=None, person_id=alice.id)
    return channel


def _search(asker: User, words: str = "", **fields: str) -> Any:
    return client_of(asker).get("/search/", {"q": words} | fields)


def _while_typing(asker: User, words: str, **fields: str) -> Any:
    asked = {"q": words} | fields
    return client_of(asker).get("/search/", asked, headers={"HX-Request": "true"})


def _bodies(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [hit["message"]["body"] for hit in answer.context["hits"]]


def test_who_left_is_found_by_name_where_they_wrote(
    year_5: Channel, alice: User, bob: User
) -> None:
    for answer in (
        _search(bob, "swimming from:alice"),
        _while_typing(bob, 'from:"alice adeyemi"'),
        _search(bob, "swimming", person=str(alice.id)),
    ):
        assert _bodies(answer) == ["Swimming is at nine"]
        assert answer.context["chips"][0].label == "By Alice Adeyemi"
    page = _search(bob).content.decode()
    people = page[page.index('<optgroup label="Those who left">') :]
    assert people[: people.index("</optgroup>")].count("Alice Adeyemi") == 1


def test_a_colleague_goes_before_one_of_the_same_name_who_left(year_5: Channel, bob: User) -> None:
    now = User.objects.create_user("alice2@school.example", display_name="Alice Young")
    answer = _search(bob, "swimming from:alice")
    assert answer.context["chips"][0].label == f"By {now.display_name}"
    assert _bodies(answer) == []


@pytest.mark.parametrize("name", ["carol", "theo", "dana"])
def test_who_left_is_nobody_to_those_who_read_nothing_of_them(
    name: str, year_5: Channel, alice: User, request: pytest.FixtureRequest
) -> None:
    asker = request.getfixturevalue(name)
    assert "Alice Adeyemi" not in _search(asker).content.decode()
    said = _search(asker, "x from:alice"), _search(asker, "x from:nobodyatall")
    assert {answer.status_code for answer in said} == {422}
    assert said[0].context["error"] == said[1].context["error"]
    nobody = "019a0000-0000-7000-8000-000000000000"
    for field, real in (("person", alice.id), ("channel", year_5.id)):
        there, nowhere = (_search(asker, "x", **{field: str(each)}) for each in (real, nobody))
        assert there.context["form"].wrong == nowhere.context["form"].wrong
        assert there.context["form"].wrong[field]


@pytest.mark.parametrize(
    ("fields", "wrong", "says"),
    [
        ({"since": "31/02/2026"}, "since", "There is no such day"),
        ({"until": "9999-12-31"}, "until", "There is no such day"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "until", "not before the first"),
        ({"channel": "year-5"}, "channel", "none of your channels"),
        ({"person": "\0"}, "person", "nobody whom you can look for"),
        ({"has": "wings"}, "has", "Choose one from the list"),
    ],
)
def test_a_field_that_cannot_be_read_says_so_and_keeps_what_was_typed(
    fields: dict[str, str], wrong: str, says: str, year_5: Channel, bob: User
) -> None:
    answer = _search(bob, "swimming", **fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "hits" not in answer.context
    (said,) = filter(None, answer.context["form"].wrong.values())
    assert says in said
    assert f'<p class="error" id="{wrong}-error">{said}</p>' in page
    if "\0" not in fields[wrong]:
        assert f'value="{fields[wrong]}"' in page

    typed = _while_typing(bob, "swimming", **fields).content.decode()
    assert f'id="{wrong}-error" hx-swap-oob="true">{said}</p>' in typed
    assert f'<p id="found-said" hx-swap-oob="innerHTML">{said}</p>' in typed
    counted = client_of(bob).get("/search/count/", {"q": "swimming"} | fields)
    assert "found" not in counted.content.decode()


@pytest.mark.parametrize("words", ["x before:9999-12-31", "x on:0001-01-01"])
def test_a_day_beyond_every_calendar_is_refused(words: str, bob: User) -> None:
    assert "date at character 3" in _search(bob, words).context["error"]


def test_a_page_that_is_none_is_left_out(year_5: Channel, bob: User) -> None:
    assert len(_bodies(_search(bob, "swimming", sort="worst", skip="x"))) == 2
