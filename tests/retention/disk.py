"""What lies on the disk of the database."""

import psycopg
from django.conf import settings

from schoolchat.database.embedded import EmbeddedPostgres
from schoolchat.database.place import find_place
from tests.retention.harvester import files_below


def everything_on_disk(since: float) -> bytes:
    """The journal as it was, and everything after what was only in memory has been written."""
    folder = find_place(settings.DATA_DIR).data
    journal = files_below(folder / "pg_wal", since=since)
    conninfo = EmbeddedPostgres(settings.DATA_DIR).superuser_conninfo()
    with psycopg.connect(conninfo, autocommit=True) as superuser:
        superuser.execute("CHECKPOINT")
    return journal + files_below(folder, since=since)
