"""What each database role can do to each table: tried, and held against the documentation."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import Error, ProgrammingError
from psycopg.errors import InsufficientPrivilege

from accounts.models import Provenance
from accounts.services.school import write_provenance
from audit.actions import Action
from audit.services import Act, record_all
from audit.signing import sign_checkpoint
from audit.tree.tiles import TILE_WIDTH
from oversight.queries.desk import inquiry_of
from oversight.services.searches import show_results
from schoolchat.database.bootstrap import ROLES
from tests.house.world import World, make_world
from tests.roles import acting_as

PAGE = Path(settings.BASE_DIR) / "docs" / "reference" / "roles.md"
#: Once written, what stands in these is changed by nobody, their owner included.
LOG = {"audit_entry", "audit_item", "audit_leaf", "audit_tile", "audit_origin", "audit_checkpoint"}
#: Ciphertext and wrapped keys: only the disposer replaces, only the destroying function deletes.
CONTENT = {
    "messaging_messageversion",
    "messaging_contentkey",
    "messaging_correction",
    "messaging_attachment",
    "messaging_file",
    "audit_sealedrecord",
    "audit_recordkey",
    "messaging_indexkey",
    "messaging_message",
}
#: The row of a file, once nothing refers to it: foreign keys refuse that before.
REMOVED_BY_DISPOSER = {"messaging_file"}
#: What of a message may change: that it was edited or deleted, which are versions of their own.
MARKED = {"messaging_message": "U(changed, deleted_at, edited_at, version)"}
#: By what a hold knows what it covers.
RESTED_ON = {
    "messaging_channel",
    "messaging_channelsubject",
    "messaging_membership",
    "retention_hold",
    "retention_holdchannel",
    "retention_holdperson",
}
SEARCH = "search.*"

type Table = dict[str, dict[str, str]]


@pytest.fixture
def full(db: None, movable_keyring: object) -> World:
    """Every table of the log holds something: a trigger for each row wants a row."""
    write_provenance(kind=Provenance.Kind.SCHOOL, school_name="Hazel Lane")
    world = make_world()
    show_results(by=world.dana, search=world.search, inquiry=inquiry_of(world.search))
    signed_in = Act(action=Action.SIGNED_IN, actor=None, subject=None, facts={"method": "password"})
    record_all([signed_in] * TILE_WIDTH)
    with acting_as("sealer"):
        sign_checkpoint()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return world


def test_every_role_can_do_what_the_page_says_and_nothing_else(full: World) -> None:
    tried, written = _tried(), _written()
    assert [f"{row}: {tried[row]}" for row in tried.keys() - written.keys()] == []
    assert sorted(written.keys() - tried.keys()) == []
    assert {row: (tried[row], written[row]) for row in tried if tried[row] != written[row]} == {}


def test_nobody_changes_the_log_and_only_its_writers_add_to_it(full: World) -> None:
    tried = _tried()
    assert tried.keys() >= LOG
    for table in LOG:
        assert set("".join(tried[table].values())) <= set("SI–"), table
    assert {role for role in ROLES if "I" in tried["audit_checkpoint"][role]} == {"owner", "sealer"}


def test_content_is_replaced_by_the_disposer_alone_and_deleted_by_no_serving_role(
    full: World,
) -> None:
    tried = _tried()
    for table in CONTENT:
        served = {role: cell for role, cell in tried[table].items() if role != "owner"}
        deleting = {role for role, cell in served.items() if "D" in cell or "T" in cell}
        assert deleting <= ({"disposer"} if table in REMOVED_BY_DISPOSER else set()), table
        marked = MARKED.get(table, "nothing")
        replaced = {role: cell.replace(marked, "") for role, cell in served.items()}
        assert {role for role, cell in replaced.items() if "U" in cell} <= {"disposer"}, table


def test_what_was_never_sent_is_dropped_by_those_who_serve_and_moved_by_the_disposer(
    full: World,
) -> None:
    cells = _tried()["messaging_upload"]
    assert {role for role, cell in cells.items() if "D" in cell} == {"owner", "web", "worker"}
    assert cells["disposer"] == "SU(generation, wrapped)"


def test_what_holds_rest_on_is_never_taken_away(full: World) -> None:
    tried = _tried()
    for table in RESTED_ON:
        served = {role: cell for role, cell in tried[table].items() if role != "owner"}
        assert not [role for role, cell in served.items() if "D" in cell or "T" in cell], table
        assert "channel_id" not in str(served), table
        assert "person_id" not in str(served), table
        assert not [role for role, cell in served.items() if re.search("U(?![(])", cell)], table


def test_no_serving_role_owns_anything_or_truncates(full: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace IN ('public'::regnamespace,"
            " 'search'::regnamespace) AND pg_get_userbyid(relowner) <> 'schoolchat_owner'"
        )
        assert cursor.fetchall() == []
    cells = [cell for row in _tried().values() for role, cell in row.items() if role != "owner"]
    assert not [cell for cell in cells if "T" in cell]


def test_functions_of_the_owner_are_executed_by_whom_the_page_names(full: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DEFINER, [[f"schoolchat_{role}" for role in ROLES if role != "owner"]])
        found = dict(cursor.fetchall())
    assert sorted(found.items()) == sorted(tuple(row) for row in _rows("function"))


_DEFINER = """
SELECT CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || proname,
       coalesce((SELECT string_agg(substr(r, 12), ', ' ORDER BY r) FROM unnest(%s::text[]) r
                 WHERE has_function_privilege(r, p.oid, 'EXECUTE')
                   AND has_schema_privilege(r, n.oid, 'USAGE')), '–')
FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
WHERE prosecdef AND nspname IN ('public', 'search')
ORDER BY 1
"""


@cache
def _tried() -> Table:
    """For each table and role, the letters of what went through. All of it is undone, and takes
    its time: it is tried once, in the first world that is full."""
    found: Table = {}
    for schema, name, columns in _tables():
        cells = {role: _cell(role, f'"{schema}"."{name}"', columns) for role in ROLES}
        row = SEARCH if schema == "search" else name
        assert found.get(row, cells) == cells, name
        found[row] = cells
    return found


def _tables() -> list[tuple[str, str, list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname, relname, (SELECT array_agg(attname::text ORDER BY attnum)"
            " FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped"
            "  AND attgenerated = '' AND attidentity <> 'a')"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname IN ('public', 'search') AND relkind IN ('r', 'p')"
            " ORDER BY nspname, relname"
        )
        return list(cursor.fetchall())


def _cell(role: str, table: str, columns: list[str]) -> str:
    with acting_as(role):
        letters = "S" if _goes(f"SELECT count(*) FROM {table}") else ""
        letters += "I" if _goes(f"INSERT INTO {table} DEFAULT VALUES") else ""
        letters += _updates(table, columns)
        letters += "D" if _goes(f"DELETE FROM {table}") else ""
        cascade = " CASCADE" if role == "owner" else ""
        letters += "T" if _goes(f"TRUNCATE {table}{cascade}") else ""
    return letters or "–"


def _updates(table: str, columns: list[str]) -> str:
    if _goes(f"UPDATE {table} SET {', '.join(f'{c} = {c}' for c in map(_quoted, columns))}"):
        return "U"
    some = [c for c in sorted(columns) if _goes(f"UPDATE {table} SET {_quoted(c)} = {_quoted(c)}")]
    return f"U({', '.join(some)})" if some else ""


def _quoted(column: str) -> str:
    return f'"{column}"'


def _goes(statement: str) -> bool:
    """Whether it is let through; a broken constraint or reference is met only by who was."""
    with transaction.atomic(), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement)
        except ProgrammingError as error:
            if isinstance(error.__cause__, InsufficientPrivilege):
                return False
        except Error:
            pass
        transaction.set_rollback(True)
    return True


def _written() -> Table:
    """The page's table of tables."""
    rows = list(_rows("table"))
    return {name: dict(zip(ROLES, cells, strict=True)) for name, *cells in rows}


def _rows(first: str) -> Iterator[list[str]]:
    """The rows of the page's table whose first heading is `first`."""
    inside = False
    for line in PAGE.read_text().splitlines():
        cells = [re.sub(r"[`\s]*$|^[`\s]*", "", cell) for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == first:
            assert first != "table" or cells[1:] == list(ROLES)
            inside = True
        elif inside and not set(line) <= set("|-: "):
            yield cells
