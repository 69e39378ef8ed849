"""The tables of an earlier version, for a backup that it made; afterwards they are brought up to
date with the rows in them, as by any upgrade."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from schoolchat.backup.errors import BackupRefused
from schoolchat.backup.making import migration_state

_EMPTY: Final = (Path(__file__).parent / "former.sql").read_text()

type State = Sequence[Sequence[str]]


def is_former(made: State) -> bool:
    """Whether a backup was made before migrations that were applied here; raises BackupRefused for
    one that a later version made."""
    if [list(one) for one in made] == migration_state():
        return False
    known = MigrationLoader(connection).disk_migrations
    if unknown := [one for one in made if tuple(one) not in known]:
        app, name = unknown[0]
        raise BackupRefused(
            f"The backup was made by a later version of SchoolChat, whose tables this one does not "
            f"know ({app} {name}): install that version."
        )
    return True


def make_former_tables(made: State) -> None:
    """In the place of the tables of a database that holds nothing, those of that time."""
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY)
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, name in made}
    graph = executor.loader.graph
    last = [
        one
        for one in sorted(wanted)
        if not wanted & {node.key for node in graph.node_map[one].children}
    ]
    executor.migrate(last)


def bring_up_to_date() -> None:
    """The tables of today, their rows with them, and every role's rights."""
    call_command("migrate", interactive=False, verbosity=0)
