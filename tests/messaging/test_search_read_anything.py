"""Whatever is written is found by what stands in it; whatever is typed is answered."""

from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from accounts.models import User
from messaging.search.analysis import FUNCTION_WORDS, analyse
from messaging.search.matching import find
from messaging.search.query import MAX_CHARS, QueryError, parse
from tests.cast import client_of

PIECES = (
    *[
        "O’Brien",
        "the",
        "Noël",
        "Tŷ",
        "Year 6",
        "Y6",
        "yr",
        "9.30pm",
        "9 am",
        "21:30",
        "12:5",
        "pm",
    ],
    *[
        "12/05/2026",
        "12 May 2026",
        "Mai 3, 2026",
        "2026-05-12",
        "31/02/2026",
        "1,250",
        "5B",
        "J.K.",
    ],
    *[
        "j.smith@stmary.sch.uk",
        "https://www.gov.uk/a?b=c",
        "well-being",
        "ysgolion",
        "foo_bar",
        "J.K.",
    ],
    *[
        "👍",
        "👍🏽",
        "❤️",
        "👨‍👩‍👧",
        "🏴",
        "1️⃣",
        "🇬🇧",
        "日本",
        "שלום",
        "مرحبا",
        "ﬁ",
        "ß",
        "\u200b",
        "\0",
    ],
    *[" ", " ", " ", ", ", "-", "'", ".", "/", ":", "(", ")", "*", "~", "_", "\n", "\u2028"],
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=30)


def finds(query: str, text: str) -> bool:
    return find(parse(query).tree, text) is not None


@given(TEXTS, st.integers(0, 20), st.integers(1, 20))
@example("9.30 pm", 0, 3)
@example("À가", 0, 1)
@example("O’Brienyr9.30pm", 0, 1)
def test_a_text_is_found_by_its_words_their_beginnings_and_a_phrase(
    text: str, first: int, count: int
) -> None:
    pieces = [piece for piece in analyse(text) if piece.after - piece.first == 1]
    assume(pieces)
    for piece in pieces:
        assert finds(f'"{piece.form}"', text)
        if piece.form.isalnum() and piece.form not in FUNCTION_WORDS:
            assert finds(piece.form, text)
            assert finds(f"{piece.form[:2]}*", text)
            if len(piece.form) >= 3:
                assert finds(f"*{piece.form[-3:]}", text)
                assert finds(f"*{piece.form[:3]}*", text)
                assert finds(f"~{piece.form}", text)
    phrase = pieces[first % len(pieces) :][:count]
    assert finds('"' + " ".join(piece.form for piece in phrase) + '"', text)


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [*PIECES, "OR", "AND", "NOT", '"', "“", "-", "((", "))", "plan*", "*a", "from:"]
        ),
        max_size=20,
    ).map("".join)
)
def test_whatever_is_typed_is_read_or_refused_with_its_place(typed: str) -> None:
    try:
        query = parse(typed)
    except QueryError as refused:
        place, sentence = refused.place, str(refused)
    else:
        find(query.tree, "the trip to the zoo at 9.30pm")
        return
    assert 1 <= place <= len(typed) + 1
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 10_000,
        '"never closed',
        "the and of",
        "OR OR",
        "-trip",
        "((((",
        "*",
        "~",
        "שלום עולם",
        "a\0b",
        "👍",
        "👍🏽❤️",
        "\u202egnihtemos",
        "!!!",
        "(" * 250 + "trip" + ")" * 246,
    ],
)
def test_the_page_answers_anything_or_says_what_to_type(typed: str, bob: User) -> None:
    answer: Any = client_of(bob).get("/search/", {"q": typed})

    assert answer.status_code in {200, 422}
    page = answer.content.decode()
    if answer.status_code == 422:
        assert str(answer.context["error"]).endswith(".")
    else:
        assert "Nothing was found" in page
    assert len(typed) <= MAX_CHARS or "Shorten the search" in page
