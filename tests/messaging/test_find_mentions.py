"""Which words of a message mention somebody, and how they are marked. Pure."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.mentions import NOBODY, Mentions, found_in, marked_up, mentions_in
from messaging.rendering import render_markdown

BOB, BO, ROB, AND, MARY, OTHER = (UUID(int=number) for number in range(1, 7))
MEMBERS = {
    "Bob Marsh": (BOB,),
    "Bob": (BO,),
    "Rob": (ROB,),
    "Ann & <Co>": (AND,),
    "Mary-Lou O’Neill": (MARY, OTHER),
    "everyone": (OTHER,),
}


def _found(body: str, *, all_too: bool = True) -> Mentions:
    return found_in(render_markdown(body), MEMBERS, all_too=all_too)


def _marked(body: str) -> str:
    html = render_markdown(body)
    return marked_up(html, found_in(html, MEMBERS, all_too=True))


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("@Bob Marsh please", ["Bob Marsh"]),
        ("@Bob marsh please", ["Bob"]),
        ("Thanks @Rob, and @Bob.", ["Rob", "Bob"]),
        ("@Bob Marsh's class; (@Rob)", ["Bob Marsh", "Rob"]),
        ("**@Rob** and *so @Bob*", ["Rob", "Bob"]),
        ("- @Rob\n- @Bob", ["Rob", "Bob"]),
        ("> @Rob", ["Rob"]),
        ("@Ann & <Co> is here", ["Ann & <Co>"]),
        ("@Mary-Lou O’Neill", ["Mary-Lou O’Neill"]),
        ("@Rob @Rob @Rob", ["Rob"]),
        ("@@Rob", []),
        ("bob@Rob", []),
        ("_@Rob_", ["Rob"]),
        ("@Robert", []),
        ("@Rob5", []),
        ("@rob", []),
        ("@ Rob", []),
        ("Rob", []),
        ("`@Rob`", []),
        ("```\n@Rob\n```", []),
        ("    @Rob", []),
        ("`@Rob` @Bob", ["Bob"]),
        ("@Bob\nMarsh", ["Bob"]),
        ("[here](https://a.example/@Rob)", []),
        ("", []),
    ],
)
def test_a_name_is_found_where_a_reader_sees_one(body: str, names: list[str]) -> None:
    assert list(_found(body).people) == names


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("@everyone to the hall", "everyone"),
        ("@here?", "here"),
        ("@here and @everyone", "everyone"),
        ("`@everyone`", None),
        ("@everyones", None),
        ("everyone", None),
        ("x@here", None),
    ],
)
def test_everybody_is_mentioned_by_two_words(body: str, word: str | None) -> None:
    assert _found(body).everybody == word
    assert _found(body, all_too=False) == NOBODY


def test_two_people_of_one_name_are_both_meant() -> None:
    assert _found("@Mary-Lou O’Neill").ids == (MARY, OTHER)


def test_mentions_are_marked_and_nothing_else_is_touched() -> None:
    assert _marked("Thanks @Bob Marsh & co") == (
        f'<p>Thanks <span class="mention" data-user="{BOB}">@Bob Marsh</span> &amp; co</p>'
    )
    assert _marked("@Ann & <Co>") == (
        f'<p><span class="mention" data-user="{AND}">@Ann &amp; &lt;Co&gt;</span></p>'
    )
    assert f'data-user="{MARY} {OTHER}"' in _marked("@Mary-Lou O’Neill")
    assert _marked("@here, `@here`") == (
        '<p><span class="mention" data-user="here">@here</span>, <code>@here</code></p>'
    )


def test_who_is_not_mentioned_is_not_marked() -> None:
    html = render_markdown("@Rob and @everyone")
    assert marked_up(html, NOBODY) == html
    assert marked_up(html, found_in(html, {}, all_too=False)) == html


def test_what_is_sealed_gives_the_same_mentions_again() -> None:
    for body in ("@Bob Marsh, @Mary-Lou O’Neill and @everyone", "@here", "@Rob", "nobody"):
        found = _found(body)
        assert mentions_in(found.details()) == found
    assert _found("nobody").details() == {}


@given(st.lists(st.sampled_from(["@Rob", "@Bob", "@", "`", " ", "a", "*", "<", "&", "\n"])))
def test_marking_adds_nothing_but_its_tags(pieces: list[str]) -> None:
    body = "".join(pieces)
    html = render_markdown(body)
    marked = _marked(body)
    for person in (ROB, BO):
        marked = marked.replace(f'<span class="mention" data-user="{person}">', "")
    assert marked.replace("</span>", "") == html
