"""Stepping from one database role to another inside a test, and back again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

import pytest
from django.db.backends.signals import connection_created
from psycopg import sql
from psycopg.pq import TransactionStatus

_present: list[str] = ["owner"]
#: A thread has more than one where an event loop runs in it for a while.
_opened: WeakSet[Any] = WeakSet()
_opening = threading.Lock()


def chosen(item: pytest.Item) -> str:
    """The role of a test: web, or what its marker `database_role` names."""
    marker = item.get_closest_marker("database_role")
    return str(marker.args[0]) if marker else "web"


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Every connection, present or new, is that role until the end of the block."""
    depth = len(_present)
    if role == _present[-1]:
        yield
        return
    try:
        _present.append(role)
        _become()
        yield
    finally:
        del _present[depth:]
        _become()


def left_behind() -> list[str]:
    """What is not the owner's any more when nobody acts as another role; it is put right."""
    left = [f"acting as {role}" for role in _present[1:]]
    del _present[1:]
    for one in _of_this_thread():
        with one.connection.cursor() as cursor:
            cursor.execute("SELECT current_user, session_user")
            now, before = cursor.fetchone()
        if now != before:
            left.append(f"a connection as {now}")
            _set_role(one)
    return left


def _become() -> None:
    for one in _of_this_thread():
        # One whose transaction has failed takes no statement; its rollback takes the role back.
        if one.connection.info.transaction_status != TransactionStatus.INERROR:
            _set_role(one)


def _of_this_thread() -> list[Any]:
    """The connections that are open."""
    here = threading.get_ident()
    with _opening:
        ours = [one for one in _opened if one._thread_ident == here]
    return [one for one in ours if one.connection is not None and not one.connection.closed]


def _set_role(on: Any) -> None:
    name = sql.Identifier(f"schoolchat_{_present[-1]}")
    with on.connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET ROLE {}").format(name))


def _created(connection: Any, **_signal: Any) -> None:
    with _opening:
        _opened.add(connection)
    if _present[-1] != "owner":
        _set_role(connection)


connection_created.connect(_created)
