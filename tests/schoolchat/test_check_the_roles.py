"""What a database role may not do is found, however it came to be able to."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.checks import CheckMessage
from django.db import connection
from psycopg.conninfo import make_conninfo

from audit.checks import log_is_closed
from schoolchat.database.bootstrap import ROLES, SERVING, role_name
from schoolchat.database.checks import roles_are_kept_apart
from tests.faults.product import manage
from tests.faults.proxy import database_url
from tests.schoolchat.superuser import conninfo, do, opened_by_the_superuser, signed_in_as
from tests.schoolchat.wrong_roles import IN_STAFF, WRONG

pytestmark = pytest.mark.django_db

LOG = "audit_entry audit_item audit_leaf audit_tile audit_origin audit_checkpoint audit_unsealed"
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.fixture
def superuser(db: None) -> Iterator[None]:
    with opened_by_the_superuser():
        yield


def _found(as_role: str = "web") -> list[CheckMessage]:
    with signed_in_as(role_name(as_role)):
        return roles_are_kept_apart(databases=["default"])


@pytest.mark.usefixtures("superuser")
@pytest.mark.parametrize("wrong", WRONG)
def test_it_is_found_and_the_hint_puts_it_right(wrong: str) -> None:
    statements, number, said = WRONG[wrong]
    do(*statements)
    (found,) = _found()
    assert (found.id, said in found.msg) == (number, True), found
    do(*filter(None, map(str.strip, str(found.hint).rpartition(": ")[2].split(";"))))
    assert _found() == []


@pytest.mark.usefixtures("superuser")
@pytest.mark.parametrize("role", ROLES)
def test_a_right_installation_passes_whoever_asks(role: str) -> None:
    assert _found(role) == []


@pytest.mark.usefixtures("superuser")
def test_a_database_before_its_first_migration_passes() -> None:
    for schema in ("public", "search"):
        do(f"ALTER SCHEMA {schema} RENAME TO former_{schema}")
    do("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
    assert _found("owner") == _found("web") == []
    assert log_is_closed(databases=["default"]) == []


@pytest.mark.usefixtures("superuser")
def test_every_right_to_the_log_beyond_those_that_are_granted_is_found() -> None:
    granted = _rights_to_the_log()
    do(*(f"GRANT ALL ON {', '.join(LOG.split())} TO {role_name(role)}" for role in SERVING))
    said = "\n".join(found.msg for found in _found())
    found = {
        (role, table, right)
        for role, rights, table in re.findall(r"role (\w+) must not have (.*) on (\w+)\.", said)
        for right in rights.split(", ")
    }
    assert {one for one in found if one[2] in RIGHTS} == _rights_to_the_log() - granted


def _rights_to_the_log() -> set[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT role, log, may"
            " FROM unnest(%s::text[]) role, unnest(%s::text[]) log, unnest(%s::text[]) may"
            " WHERE has_table_privilege(role, log, may)",
            [[role_name(role) for role in SERVING], LOG.split(), list(RIGHTS)],
        )
        return set(cursor.fetchall())


@pytest.mark.usefixtures("superuser")
def test_grants_that_the_migration_is_about_to_take_back_do_not_keep_it_from_running() -> None:
    do("GRANT UPDATE ON audit_entry TO schoolchat_web")
    assert _found("owner") == []
    do((settings.BASE_DIR / "schoolchat" / "database" / "grants.sql").read_text())
    assert _found("web") == []
    do("GRANT UPDATE ON audit_entry TO PUBLIC")
    assert [found.id for found in _found("owner")] == ["schoolchat.E007"]


@pytest.mark.usefixtures("superuser")
def test_all_processes_as_one_role_are_found() -> None:
    with signed_in_as("schoolchat_owner", wanted="schoolchat_web"):
        (found,) = roles_are_kept_apart(databases=["default"])
    assert found.id == "schoolchat.E001"
    assert "taken for one of schoolchat_owner: roles protect nothing" in found.msg


@pytest.mark.usefixtures("superuser")
def test_a_role_that_was_not_made_is_missed() -> None:
    do("ALTER ROLE schoolchat_backup RENAME TO former_backup")
    (found,) = _found()
    assert (found.id, found.msg) == (
        "schoolchat.E002",
        "There is no database role schoolchat_backup.",
    )


@pytest.mark.usefixtures("superuser")
def test_roles_in_a_group_of_the_servers_own_pass() -> None:
    do(*IN_STAFF, "GRANT pg_monitor TO schoolchat_web", "GRANT SELECT ON audit_entry TO staff")
    do("GRANT pg_read_all_data TO schoolchat_backup")
    assert _found() == []


@pytest.mark.usefixtures("superuser")
def test_without_a_database_to_ask_nothing_is_asked() -> None:
    do("ALTER ROLE schoolchat_web SUPERUSER")
    assert roles_are_kept_apart() == []
    assert roles_are_kept_apart(databases=[]) == []


def test_the_commands_refuse_and_say_why(tmp_path: Path) -> None:
    """As they are typed, as the roles themselves, on a server where web may make roles."""
    here = {"DATABASE_URL": database_url(), "SCHOOLCHAT_SCANNER": "off"}
    here["SCHOOLCHAT_JOURNAL"] = str(tmp_path)
    data = Path(settings.DATA_DIR)
    said = "schoolchat_web is more than it may be: CREATEROLE"
    its = make_conninfo(conninfo(), dbname=connection.settings_dict["NAME"])
    with psycopg.connect(its, autocommit=True) as server:
        server.execute("ALTER ROLE schoolchat_web CREATEROLE")
        try:
            asked = manage(data, "check", "--database", "default", **here)
            migrated = manage(data, "migrate", "--no-input", **here)
        finally:
            server.execute("ALTER ROLE schoolchat_web NOCREATEROLE")
    assert (asked.returncode, migrated.returncode) == (1, 1)
    assert said in asked.stderr
    assert said in migrated.stderr
    assert "ALTER ROLE schoolchat_web NOCREATEROLE;" in migrated.stderr
    passed = manage(data, "check", "--database", "default", **here)
    assert (passed.returncode, passed.stderr) == (0, "")


def test_every_finding_stands_on_the_page_of_roles() -> None:
    page = (settings.BASE_DIR / "docs" / "reference" / "roles.md").read_text()
    found = {number for _, number, _ in WRONG.values()}
    found |= {"schoolchat.E001", "schoolchat.E002", "audit.E004", "audit.E005"}
    assert set(re.findall(r"^\| `(\w+\.E\d+)` \|", page, re.MULTILINE)) == found
