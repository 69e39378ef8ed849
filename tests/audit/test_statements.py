"""Values of the hot path's statements."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.statements import array, ask

pytestmark = pytest.mark.django_db

_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
_TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": _TEXT,
    "bytea": st.binary(),
    "uuid": st.uuids(),
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "timestamptz": _TIMES,
}


@pytest.mark.parametrize("kind", _KINDS)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_an_array_arrives_as_it_was(kind: str, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.none() | _KINDS[kind]))
    ((found,),) = ask(f"SELECT %(values)b::{kind}[]", {"values": array(values)})
    assert found == values


def test_a_word_that_means_null_stays_a_word() -> None:
    words = ["NULL", "null", "", "{}", ",", '"', "\\"]
    assert ask("SELECT %(values)b::text[]", {"values": array(words)}) == [(words,)]


def test_ids_are_found_by_such_an_array() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT gen_random_uuid()")
        known: UUID = cursor.fetchone()[0]
    question = "SELECT %(one)b::uuid = ANY (%(ids)b::uuid[])"
    assert ask(question, {"one": known, "ids": array({known})}) == [(True,)]
    assert ask(question, {"one": known, "ids": array([])}) == [(False,)]


@pytest.mark.parametrize("value", [memoryview(b"ab"), bytearray(b"ab"), [1, 2], 1.5])
def test_what_it_does_not_know_it_does_not_guess(value: object) -> None:
    with pytest.raises(TypeError):
        array([value])
