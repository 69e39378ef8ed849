"""Tokens and vocabularies say nothing without their key, and add up with it."""

import re
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag

from messaging.search import vocabulary
from messaging.search.conditions import EVERYTHING, condition
from messaging.search.query import parse
from messaging.search.tokens import derive, tokens_asked
from messaging.search.tree import How, Pattern

KEYS = derive(b"k" * 32)


def test_tokens_are_32_bits_keyed_and_sorted() -> None:
    found = tokens_asked(KEYS.tokens, ["trip", "zoo", "trip", "maths"])
    assert len(found) == 3
    assert found == sorted(found)
    assert all(-(2**31) <= token < 2**31 for token in found)
    assert not set(found) & set(tokens_asked(derive(b"o" * 32).tokens, ["trip", "zoo", "maths"]))
    assert KEYS.tokens != KEYS.words


def test_vocabulary_rows_add_up_and_forget_what_no_text_holds() -> None:
    rows = [
        vocabulary.unpack(vocabulary.pack(counts))
        for counts in ({"plan": 2, "planet": 1, "zoo": 1}, {"planet": -1, "plaice": 1}, {})
    ]
    for how, form, words in (
        (How.START, "pla", ["plaice", "plan"]),
        (How.START, "zz", []),
        (How.START, "z", ["zoo"]),
        (How.START, "plan", ["plan"]),
        (How.PART, "la", ["plaice", "plan"]),
        (How.END, "an", ["plan"]),
        (How.END, "pla", []),
    ):
        found = vocabulary.expanded(rows, Pattern(form=form, how=how))
        assert sorted(found or []) == words
    assert vocabulary.present(rows, ["planet", "plan", "nowhere"]) == ["plan"]
    assert vocabulary.merged(rows) == {"plan": 2, "plaice": 1, "zoo": 1}


def test_a_sealed_vocabulary_opens_only_with_its_key_and_in_its_row() -> None:
    row = uuid4()
    sealed = vocabulary.seal(KEYS.words, row, {"safeguarding": 1})
    assert b"safeguarding" not in sealed
    assert vocabulary.unseal(KEYS.words, row, sealed).all() == {"safeguarding": 1}
    with pytest.raises(InvalidTag):
        vocabulary.unseal(KEYS.words, uuid4(), sealed)
    with pytest.raises(InvalidTag):
        vocabulary.unseal(derive(b"o" * 32).words, row, sealed)


@pytest.mark.parametrize("query", ["the", "the*", "trip OR the"])
def test_what_the_index_does_not_hold_is_left_to_the_plaintext(query: str) -> None:
    assert condition(parse(query).tree, KEYS, lambda _: []) == EVERYTHING


def test_function_words_in_a_row_are_known_by_their_pairs_alone() -> None:
    for query in ('"to the"', '"to the" OR trip'):
        where = condition(parse(query).tree, KEYS, lambda _: [])
        assert "pairs" in where.sql
        assert not where.indexed
    assert condition(parse('"to the" trip').tree, KEYS, lambda _: []).indexed


def test_a_prefix_of_too_many_words_is_left_to_the_plaintext() -> None:
    many = [f"zo{n}" for n in range(600)]
    assert condition(parse("zo*").tree, KEYS, lambda _: many) == EVERYTHING
    assert condition(parse("zo*").tree, KEYS, lambda _: None) == EVERYTHING
    assert "tok &&" in condition(parse("zo*").tree, KEYS, lambda _: ["zoo"]).sql


def test_a_condition_holds_numbers_only() -> None:
    where = condition(
        parse('maths "school trip" (zoo OR well-being) -swim').tree, KEYS, lambda _: []
    )
    words = re.sub(r"\b(AND|OR|IS|NULL|integer|bytea|tok|pairs|position|in)\b", "", where.sql)
    assert not set(re.sub(r"\\x[0-9a-f]{2}'", "", words)) - set("@>&' ()[]{},:-0123456789")
