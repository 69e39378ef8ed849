"""What lies on the disk of the database."""

import time

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from schoolchat.database.embedded import EmbeddedPostgres
from schoolchat.database.place import find_place
from tests.retention.harvester import files_below

_TICK_SECONDS = 0.05  # by which a file's time may be behind


def swept() -> float:
    """Take away what other tests have left in dead rows and in the journal's present file, so that
    it need not be looked through; the time since when, in seconds since the epoch."""
    with _superuser() as superuser:
        superuser.execute("VACUUM")
        superuser.execute("SELECT pg_switch_wal()")
        superuser.execute("CHECKPOINT")
    return time.time() - _TICK_SECONDS


def everything_on_disk(since: float) -> bytes:
    """The journal as it was, and everything after what was only in memory has been written."""
    folder = find_place(settings.DATA_DIR).data
    journal = files_below(folder / "pg_wal", since=since)
    with _superuser() as superuser:
        superuser.execute("CHECKPOINT")
    return journal + files_below(folder, since=since)


def _superuser() -> psycopg.Connection:
    conninfo = EmbeddedPostgres(settings.DATA_DIR).superuser_conninfo()
    database = connection.settings_dict["NAME"]
    return psycopg.connect(make_conninfo(conninfo, dbname=database), autocommit=True)
