"""A database in any state that a superuser can bring about, for the length of a test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, connections, transaction
from psycopg.conninfo import conninfo_to_dict

from schoolchat.database.embedded import EmbeddedPostgres


def conninfo() -> str:
    """How the superuser of the test's server connects, to the test's database."""
    named = os.environ.get("SCHOOLCHAT_TEST_DATABASE_URL")
    return named or EmbeddedPostgres(Path(settings.DATA_DIR)).superuser_conninfo()


@contextmanager
def opened_by_the_superuser() -> Iterator[None]:
    """Django's connection is one that the superuser opened; what is done by it is undone."""
    ours = connections["default"]
    its = ours.copy()
    known = conninfo_to_dict(conninfo())
    its.settings_dict.update(USER=known["user"], PASSWORD=known.get("password", ""))
    connections["default"] = its
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        its.close()
        connections["default"] = ours


def do(*statements: str) -> None:
    """As the superuser."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def signed_in_as(user: str, *, wanted: str = "") -> Iterator[None]:
    """The session is that user's, as if they had opened it; Django asked for the user `wanted`."""
    connection.settings_dict["USER"] = wanted or user
    do(f"SET SESSION AUTHORIZATION {user}")
    try:
        yield
    finally:
        do("RESET SESSION AUTHORIZATION")
