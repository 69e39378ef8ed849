"""Two writers with NOTIFY against two without: PostgreSQL alone, rows a second.

NOTIFY holds a lock of the whole cluster to the end of the commit, so that commits which ring come
one after the other.
"""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Final

import psycopg

from benchmarks.live.bench import Bench
from benchmarks.live.machine import stay_on
from benchmarks.live.servers import plain_database

WRITERS: Final = 2
SECONDS: Final = 3.0
ROWS: Final = (1, 10, 100)  # a commit
_TABLE: Final = "CREATE TABLE message (id bigserial PRIMARY KEY, body text NOT NULL)"
_INSERT: Final = "INSERT INTO message (body) SELECT repeat('x', 100) FROM generate_series(1, %s)"
_RING: Final = "SELECT pg_notify('benchmark', %s)"
_BELL: Final = json.dumps([["01a205cf-bcdb-70fb-97f0-af3904f9077e", 123_456]])


def measure_notify(bench: Bench, load: str) -> None:
    """Rows a second, with and without, for several sizes of commit."""
    conninfo = plain_database(bench.folder, "benchmark_notify")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(_TABLE)
    with _listening(conninfo), _pool(bench) as pool:
        for rows in ROWS:
            without, ringing = (
                sum(pool.map(partial(_write, conninfo, rows), [rings] * WRITERS))
                for rings in (False, True)
            )
            share = ringing / without
            found = f"{ringing:,.0f} rows/s with NOTIFY, {without:,.0f} without: {share:.0%}"
            bench.demand(load, f"two writers, {rows} rows a commit", found, met=None)


def _pool(bench: Bench) -> ProcessPoolExecutor:
    place = partial(stay_on, bench.cores.generator)
    return ProcessPoolExecutor(WRITERS, initializer=place)


@contextmanager
def _listening(conninfo: str) -> Iterator[None]:
    """Somebody who hears, as there always is."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("LISTEN benchmark")
        yield


def _write(conninfo: str, rows: int, rings: bool) -> float:
    """Commit after commit for some seconds; rows a second."""
    with psycopg.connect(conninfo) as connection:
        began, commits = time.monotonic(), 0
        while time.monotonic() < began + SECONDS:
            connection.execute(_INSERT, [rows])
            if rings:
                connection.execute(_RING, [_BELL])
            connection.commit()
            commits += 1
        return commits * rows / (time.monotonic() - began)
