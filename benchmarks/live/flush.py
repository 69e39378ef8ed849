"""The search's pending list moved into the index in the middle of a measurement."""

import time
from typing import Final

import psycopg
from psycopg.conninfo import make_conninfo

from benchmarks.live.school import Folder
from schoolchat.database.address import address_of
from schoolchat.database.bootstrap import DATABASE, role_name
from schoolchat.database.passwords import kept_password

_FLUSH: Final = """
SELECT coalesce(sum(search.flush_month(record_class, kind, month)), 0) FROM (
    SELECT DISTINCT d.record_class, d.kind, k.month
    FROM messaging_indexkey k JOIN messaging_searchdomain d ON d.id = k.domain_id) months
"""


def flush_pending(folder: Folder) -> str:
    """Flush every month, as the worker does after a bulk; a line about it."""
    address = address_of(folder.data)
    conninfo = make_conninfo(
        host=address.host,
        port=address.port,
        dbname=DATABASE,
        user=role_name("worker"),
        password=kept_password(folder.data, "worker"),
    )
    began = time.monotonic()
    with psycopg.connect(conninfo, autocommit=True) as connection:
        row = connection.execute(_FLUSH).fetchone()
    took = time.monotonic() - began
    return f"pending list flushed: {row[0] if row else 0} pages in {1_000 * took:.0f} ms"
