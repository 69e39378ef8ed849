"""Filters typed between the words are read, said as chips, or refused in a sentence."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from messaging.models import Channel, Upload
from messaging.search.filters import day_of, named, split, without
from messaging.search.query import QueryError
from messaging.services.messages import delete_message, edit_message
from tests.cast import client_of
from tests.scenes import channel_of, say
from tests.uploads import ids, picture, uploaded

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("text", "filters", "words"),
    [
        ("from:alice trip", [("from", "alice")], "trip"),
        ('trip in:"Year 5" now', [("in", "Year 5")], "trip now"),
        ("trip FROM:@Alice", [("from", "@Alice")], "trip"),
        ("on:30/11/2026 has:link", [("on", "30/11/2026"), ("has", "link")], ""),
        (
            "after:2026-01-01 before:2026-02-01 x",
            [("after", "2026-01-01"), ("before", "2026-02-01")],
            "x",
        ),
        ('"from:alice trip"', [], '"from:alice trip"'),
        ("http://from:alice.example", [], "http://from:alice.example"),
        ("run-in:six", [], "run-in:six"),
        ("(from:alice)", [], "(from:alice)"),
    ],
)
def test_filters_are_told_from_words(text: str, filters: list[tuple[str, str]], words: str) -> None:
    left, found = split(text)

    assert [(each.name, each.value) for each in found] == filters
    assert " ".join(left.split()) == words
    assert len(left) == len(text)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused_with_its_place(text: str) -> None:
    try:
        left, found = split(text)
    except QueryError as refused:
        place = refused.place
    else:
        place = 1
        assert len(left) == len(text)
        for each in found:
            assert len(without(text, each)) < len(text)
    assert 1 <= place <= max(1, len(text))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-02", date(2026, 11, 2)),
        ("2/11/2026", date(2026, 11, 2)),
        ("02.11.26", date(2026, 11, 2)),
        ("today", TODAY),
        ("Yesterday", TODAY - timedelta(days=1)),
    ],
)
def test_days_are_read_as_they_are_written_here(typed: str, day: date) -> None:
    assert day_of(split(f"on:{typed}")[1][0], TODAY) == day


@pytest.mark.parametrize("typed", ["31/2/2026", "2026-13-01", "monday", "1/1", "0000-00-00"])
def test_a_day_that_is_none_is_refused_with_its_place(typed: str) -> None:
    with pytest.raises(QueryError, match="date at character 6") as refused:
        day_of(split(f"trip on:{typed}")[1][0], TODAY)

    assert typed not in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("alice", 1),
        ('"Ann Okafor"', 2),
        ("okaf", 2),
        ("O'Neil", 3),
        ("oneil", 3),
        ('"sian m"', 4),
        ("ann", 2),
    ],
)
def test_a_name_is_found_by_its_beginnings(typed: str, found: int) -> None:
    people = [(1, "Alice Whitcombe"), (2, "Ann Okafor"), (3, "Kit O’Neil"), (4, "Siân Morgan")]

    assert named(split(f"from:{typed}")[1][0], people) == found


@pytest.mark.parametrize(
    ("typed", "says"), [("a", "Several people have"), ("zoe", "Nobody whom you can look for has")]
)
def test_a_name_that_is_nobodys_or_several_peoples_is_refused(typed: str, says: str) -> None:
    with pytest.raises(QueryError, match=f"{says} the name at character 1"):
        named(split(f"from:{typed}")[1][0], [(1, "Alice"), (2, "Ann")])


@pytest.fixture
def year_5(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


def _search(asker: User, words: str, **fields: str) -> Any:
    return client_of(asker).get("/search/", {"q": words} | fields)


def _bodies(answer: Any) -> list[str]:
    return [hit["message"]["body"] for hit in answer.context.get("hits", [])]


def test_typed_filters_narrow_and_are_shown_as_chips(
    year_5: Channel, alice: User, bob: User
) -> None:
    other = channel_of(alice, bob, name="Year 6")
    say(alice, year_5, "Swimming is at nine")
    say(bob, year_5, "Swimming see https://pool.example/times")
    say(alice, other, "Swimming elsewhere")

    answer = _search(bob, 'swimming from:alice in:"Year 5" on:today')
    assert _bodies(answer) == ["Swimming is at nine"]
    labels = [chip.label for chip in answer.context["chips"]]
    assert labels[1:2] == ["In Year 5"]
    assert labels[0].startswith("By Alice")
    assert labels[2].startswith("On ")
    assert answer.context["chips"][0].gone == {"q": 'swimming in:"Year 5" on:today', "before": None}

    assert _bodies(_search(bob, "has:link")) == ["Swimming see https://pool.example/times"]
    assert _bodies(_search(bob, "swimming from:me")) == ["Swimming see https://pool.example/times"]
    assert _bodies(_search(bob, "swimming before:today")) == []
    assert _bodies(_search(bob, "swimming after:yesterday in:6")) == ["Swimming elsewhere"]


def test_edited_messages_are_found_and_deleted_ones_are_not(
    year_5: Channel, alice: User, bob: User
) -> None:
    edited = say(alice, year_5, "Swimming is at nine")
    edit_message(author=alice, message_id=edited.id, body="Swimming is at ten")
    say(alice, year_5, "Swimming is fun")
    delete_message(by=alice, message_id=say(alice, year_5, "Swimming is off").id)

    answer = _search(bob, "swimming is:edited")

    assert _bodies(answer) == ["Swimming is at ten"]
    assert [chip.label for chip in answer.context["chips"]] == ["Edited"]
    assert _bodies(_search(bob, "is:edited")) == ["Swimming is at ten"]
    assert _bodies(_search(bob, "is:imported swimming")) == []
    refused = _search(bob, "swimming is:deleted")
    assert refused.status_code == 422
    assert "edited, imported" in refused.context["error"]


def _photo(by: User, channel: Channel) -> Upload:
    return uploaded(by, channel, picture(), "pond.png")


def test_files_and_pictures_are_found_also_without_a_word(
    year_5: Channel, alice: User, bob: User, carol: User
) -> None:
    say(alice, year_5, "Only words")
    say(alice, year_5, "The list", uploads=ids(uploaded(alice, year_5)))
    photo = say(alice, year_5, "", uploads=ids(_photo(alice, year_5)))

    assert _bodies(_search(bob, "has:file")) == ["", "The list"]
    assert _bodies(_search(bob, "has:image")) == [""]
    assert _bodies(_search(bob, "list has:file")) == ["The list"]
    assert _bodies(_search(bob, "has:image from:bob")) == []
    assert _bodies(_search(carol, "has:file")) == []
    delete_message(by=alice, message_id=photo.id)
    assert _bodies(_search(bob, "has:image")) == []


def test_what_is_typed_goes_before_the_field_beside_it(
    year_5: Channel, alice: User, bob: User
) -> None:
    say(alice, year_5, "Swimming is at nine")

    answer = _search(bob, "swimming from:alice", person=str(bob.id), has="")

    assert _bodies(answer) == ["Swimming is at nine"]
    assert len(answer.context["chips"]) == 1


def test_fields_become_chips_as_well(year_5: Channel, alice: User, bob: User) -> None:
    say(alice, year_5, "Swimming is at nine")

    answer = _search(
        bob, "swimming", channel=str(year_5.id), since="2020-01-01", until="2020-01-31"
    )

    assert _bodies(answer) == []
    labels = [chip.label for chip in answer.context["chips"]]
    assert labels == ["In Year 5", "From 1 January 2020", "Until 31 January 2020"]


@pytest.mark.parametrize(
    ("typed", "label", "gone"),
    [
        ("~swiming", "Like ‘swiming’", "swiming"),
        ("swim*", "Beginning with ‘swim’", "swim"),
        ("*wimm*", "With ‘wimm’ in a word", "wimm"),
        ("*ming", "Ending with ‘ming’", "ming"),
        ('from:alice ~"swiming is"', "Like ‘swiming is’", 'from:alice "swiming is"'),
    ],
)
def test_words_that_are_left_open_become_chips(
    typed: str, label: str, gone: str, year_5: Channel, alice: User, bob: User
) -> None:
    say(alice, year_5, "Swimming is at nine")

    answer = _search(bob, typed)

    assert _bodies(answer) == ["Swimming is at nine"]
    chip = answer.context["chips"][-1]
    assert (chip.label, chip.gone["q"]) == (label, gone)


def test_who_finds_nothing_may_look_for_words_spelt_nearly_so(
    year_5: Channel, alice: User, bob: User
) -> None:
    say(alice, year_5, "Catherine is at the zoo")
    answer = _search(bob, 'from:alice kathryn "at the zoo" -maths')
    assert answer.context["likened"] == 'from:alice ~kathryn "at the zoo" -maths'
    assert "Look for similar spellings" in answer.content.decode()
    assert _bodies(_search(bob, answer.context["likened"])) == ["Catherine is at the zoo"]


@pytest.mark.parametrize("outsider", ["carol", "theo"])
def test_an_outsider_cannot_name_the_channel(
    outsider: str, year_5: Channel, alice: User, request: pytest.FixtureRequest
) -> None:
    say(alice, year_5, "Swimming is at nine")

    answer = _search(request.getfixturevalue(outsider), 'swimming in:"Year 5"')

    assert answer.status_code == 422
    assert "No channel that you can search has the name at character 10" in answer.context["error"]


@pytest.mark.parametrize("typed", ["has:gold", "from:", "on:31/2/2026", "from:me from:me"])
def test_a_filter_that_cannot_be_read_says_what_to_type(typed: str, bob: User) -> None:
    answer = _search(bob, f"swimming {typed}")

    assert answer.status_code == 422
    assert "Type" in answer.context["error"] or "type" in answer.context["error"]
