"""The best match first: how exactly the words stand there, together, and where."""

from uuid import uuid4

import pytest

from messaging.search.query import parse
from messaging.search.ranking import Field, Form, Part, Together, has_words, rank

FAR = "and so on " * 20


def _message(text: str) -> list[Part]:
    return [(Field.MESSAGE, text)]


@pytest.mark.parametrize(
    ("words", "better", "worse"),
    [
        ("trip", "the trip", "the trips"),
        ("plan*", "a plan", "the planet"),
        ("plan*", "the plans", "the planet"),
        ("*lan*", "the lan", "a plan"),
        ("~kathryn", "Kathryn said", "Catherine said"),
        ("~trips", "a trip", "a tripp"),
        ("school trip", "our school trip", "the trip of the school"),
        ("school trip", "a school and a trip", f"a school {FAR} a trip"),
        (
            "school trip",
            "schools" + " on" * 50 + ". The school trip",
            "school" + " on" * 50 + " trip",
        ),
        ("maths OR trip", "maths now", "trips now"),
        ("a b c d", "x a b c d", "a x b x c x d"),
    ],
)
def test_the_one_comes_before_the_other(words: str, better: str, worse: str) -> None:
    tree = parse(words).tree

    assert rank(tree, _message(better)) < rank(tree, _message(worse))


def test_words_of_the_message_come_before_a_files_name_and_that_before_its_text() -> None:
    tree = parse("trip").tree
    parts = [(Field.MESSAGE, "see"), (Field.FILE_NAME, "list.txt"), (Field.FILE_TEXT, "all")]
    ranks = []
    for at, (field, _) in enumerate(parts):
        ranks.append(rank(tree, [*parts[:at], (field, "the trip"), *parts[at + 1 :]]))

    assert ranks == sorted(ranks)
    assert [one.field for one in ranks] == [Field.MESSAGE, Field.FILE_NAME, Field.FILE_TEXT]


def test_words_in_the_message_and_its_file_stand_apart() -> None:
    parts = [(Field.MESSAGE, "the school"), (Field.FILE_NAME, "trip.txt")]

    assert rank(parse("school trip").tree, parts) == (Form.EXACT, Together.APART, Field.FILE_NAME)


def test_what_must_not_be_there_counts_for_nothing() -> None:
    tree = parse("trip -swimming").tree

    assert rank(tree, _message("the trip")) == (Form.EXACT, Together.IN_A_ROW, Field.MESSAGE)


def test_words_past_the_looked_at_part_count_as_loose() -> None:
    text = "so " * 10_000 + "trip"

    assert rank(parse("trip").tree, _message(text)).form == Form.ALIKE


def test_filters_alone_rank_nothing() -> None:
    assert not has_words(parse("", author=uuid4()).tree)
    assert has_words(parse("trip -zoo").tree)
