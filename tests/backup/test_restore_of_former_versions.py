"""The tables of an earlier version are made for its backup, and brought up to date behind it."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from schoolchat.backup.errors import BackupRefused
from schoolchat.backup.making import migration_state
from schoolchat.backup.tables import columns_of_tables
from schoolchat.restore.former import bring_up_to_date, is_former, make_former_tables
from tests.backup.conftest import Elsewhere

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database_role("owner"),
    pytest.mark.usefixtures("movable_keyring"),
]


def test_tables_are_made_as_they_were_and_brought_up_to_date(elsewhere: Elsewhere) -> None:
    with elsewhere():
        today, tables = migration_state(), columns_of_tables()
        nodes = MigrationLoader(connection).graph.node_map.values()
        last = [list(node.key) for node in nodes if not node.children]
        former = [one for one in today if one not in last]
        assert is_former(former)
        make_former_tables(former)
        assert migration_state() == former
        bring_up_to_date()
        assert migration_state() == today
        found = columns_of_tables()
        assert {name: sorted(of) for name, of in found.items()} == {
            name: sorted(of) for name, of in tables.items()
        }


def test_a_backup_of_a_later_version_is_refused(transactional_db: None) -> None:
    today = migration_state()
    assert not is_former(today)
    with pytest.raises(BackupRefused, match="by a later version of SchoolChat"):
        is_former([*today, ["messaging", "9999_unheard_of"]])
