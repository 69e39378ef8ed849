"""A log whose triggers were taken away or switched off is found."""

from collections.abc import Iterator

import pytest
from django.db import connection

from audit.checks import log_is_closed

pytestmark = [pytest.mark.django_db, pytest.mark.database_role("owner")]

CLOSED = ("entry", "item", "leaf", "tile", "origin", "checkpoint")


def _triggers() -> Iterator[tuple[str, str]]:
    """Each trigger with its table."""
    for name in CLOSED:
        yield f"audit_{name}", f"audit_{name}_rows"
        yield f"audit_{name}", f"audit_{name}_table"
    yield "audit_entry", "audit_entry_queued"


every_trigger = pytest.mark.parametrize(("table", "trigger"), [*_triggers()])


def _do(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _found() -> list[tuple[str | None, str]]:
    return [(found.id, str(found.msg)) for found in log_is_closed(databases=["default"])]


def _repair() -> None:
    """Do what the hint says."""
    (found,) = log_is_closed(databases=["default"])
    statement = str(found.hint).removeprefix("As the owner of the tables: ").partition(";")[0]
    _do(statement)


def test_a_log_as_the_migrations_made_it_passes() -> None:
    assert _found() == []


@every_trigger
def test_a_trigger_that_is_switched_off_is_found(table: str, trigger: str) -> None:
    _do(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    ((number, why),) = _found()
    assert number == "audit.E005"
    assert why.startswith(f"The trigger {trigger} is switched off: {table} takes ")
    _repair()
    assert _found() == []


@every_trigger
def test_a_trigger_that_is_missing_is_found(table: str, trigger: str) -> None:
    _do(f"DROP TRIGGER {trigger} ON {table}")
    ((number, why),) = _found()
    assert number == "audit.E004"
    assert why.startswith(f"There is no trigger {trigger} as it should be: {table} takes ")
    _repair()
    assert _found() == []


@pytest.mark.parametrize(
    "other",
    [
        "BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION let_pass()",
        "BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        "BEFORE UPDATE OF id OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        "BEFORE UPDATE ON audit_entry FOR EACH ROW WHEN (1 > 2) EXECUTE FUNCTION audit_refuse()",
    ],
)
def test_a_trigger_of_the_name_that_does_something_else_is_found(other: str) -> None:
    _do(
        "CREATE FUNCTION let_pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
    )
    _do("DROP TRIGGER audit_entry_rows ON audit_entry")
    _do(f"CREATE TRIGGER audit_entry_rows {other}")
    assert [number for number, _ in _found()] == ["audit.E004"]
    _repair()
    assert _found() == []


def test_one_that_fires_only_for_replicas_is_switched_off_unlike_one_that_always_fires() -> None:
    _do("ALTER TABLE audit_leaf ENABLE REPLICA TRIGGER audit_leaf_rows")
    assert [number for number, _ in _found()] == ["audit.E005"]
    _do("ALTER TABLE audit_leaf ENABLE ALWAYS TRIGGER audit_leaf_rows")
    assert _found() == []


def test_tables_that_no_migration_has_made_yet_want_none() -> None:
    """As before the first migration, and before the one that made the tiles and the queue."""
    _do("DROP TRIGGER audit_entry_queued ON audit_entry")
    _do("ALTER TABLE audit_unsealed RENAME TO another")
    _do("DROP TRIGGER audit_tile_rows ON audit_tile")
    _do("ALTER TABLE audit_tile RENAME TO yet_another")
    assert _found() == []


def test_without_a_database_to_ask_nothing_is_asked() -> None:
    _do("DROP TRIGGER audit_entry_rows ON audit_entry")
    assert log_is_closed() == []
    assert log_is_closed(databases=[]) == []
