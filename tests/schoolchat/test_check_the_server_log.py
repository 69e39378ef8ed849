"""A PostgreSQL that writes into its log what people write is found."""

import pytest

from schoolchat.database.server_log import nothing_written_is_logged
from tests.schoolchat.superuser import do, opened_by_the_superuser

pytestmark = pytest.mark.django_db


def _found() -> list[str]:
    found = nothing_written_is_logged(databases=["default"])
    assert {one.id for one in found} <= {"schoolchat.W001"}
    return [one.msg.split()[2] for one in found]


def test_our_own_server_keeps_silent() -> None:
    assert _found() == []
    assert nothing_written_is_logged() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log_statement", "all"),
        ("log_statement", "mod"),
        ("log_min_duration_statement", "250"),
        ("log_min_duration_sample", "0"),
        ("log_transaction_sample_rate", "0.5"),
        ("log_min_error_statement", "error"),
        ("log_parameter_max_length_on_error", "-1"),
    ],
)
def test_each_way_into_the_log_is_named(name: str, value: str) -> None:
    with opened_by_the_superuser():
        _set(name, value)
        assert _found() == [name]


def test_parameters_matter_where_statements_are_logged() -> None:
    with opened_by_the_superuser():
        _set("log_parameter_max_length", "-1")
        assert _found() == []
        _set("log_statement", "all")
        assert _found() == ["log_parameter_max_length", "log_statement"]


def _set(name: str, value: str) -> None:
    do(f"SELECT set_config('{name}', '{value}', true)")
