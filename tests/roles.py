"""Stepping from one database role to another inside a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.backends.signals import connection_created
from psycopg import sql

_present: list[str] = ["owner"]


def chosen(item: pytest.Item) -> str:
    """The role of a test: web, or what its marker `database_role` names."""
    marker = item.get_closest_marker("database_role")
    return str(marker.args[0]) if marker else "web"


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Every connection, present or new, is that role until the end of the block."""
    _present.append(role)
    _become()
    try:
        yield
    finally:
        _present.pop()
        _become()


def _become() -> None:
    if connection.connection is None or connection.connection.closed:
        return
    if connection.in_atomic_block and connection.needs_rollback:
        connection.needs_rollback = False
        connection.rollback()
    _set_role(connection)


def _set_role(on: Any) -> None:
    name = sql.Identifier(f"schoolchat_{_present[-1]}")
    with on.connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET ROLE {}").format(name))


def _created(connection: Any, **_signal: Any) -> None:
    if _present[-1] != "owner":
        _set_role(connection)


connection_created.connect(_created)
