"""Pooled connections: one that is found broken takes those that wait beside it with it."""

from typing import Any

import psycopg
from django.db import connections
from psycopg_pool import ConnectionPool


def check(connection: psycopg.Connection[Any]) -> None:
    """Raise for a connection that is broken, as every one is that was made before PostgreSQL went
    away: the others that wait in the pool are replaced at once.

    By itself a pool tries them one after the other and rests for a second and more in between, so
    that whoever reads would be refused when the database has long been back.
    """
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        pooled: Any = connections["default"]
        pooled.pool.drain()
        raise
