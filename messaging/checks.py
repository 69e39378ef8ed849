"""System check of the way to PostgreSQL: what we listen for arrives, and a session stays ours.

A bouncer that lends out its connections by the transaction or the statement breaks both, and says
nothing. `check --database default` tries it, and so does every `migrate`, with which `serve` begins
on a server of one's own.
"""

import contextlib
import os
import secrets
import socket
import threading
from collections.abc import Iterator, Sequence
from typing import Any, Final, LiteralString

import psycopg
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection as of_django
from psycopg import sql

from messaging.live.line import conninfo

#: What is rung arrives within milliseconds, or on a busy machine within so long.
_HEARD_SECONDS: Final = 2.0
#: A bouncer with few connections lets a statement wait for as long as it likes.
_PATIENCE_SECONDS: Final = 5.0
_HINT: Final = (
    "Between SchoolChat and PostgreSQL stands a bouncer that lends out its connections by the "
    "transaction or the statement. Let DATABASE_URL name PostgreSQL itself, or set the bouncer to "
    "whole sessions (pgbouncer: pool_mode = session)."
)
_HINT_OPTIONS: Final = (
    "A bouncer between SchoolChat and PostgreSQL drops what connections are opened with. Let "
    "DATABASE_URL name PostgreSQL itself, or let the bouncer pass options on."
)
#: Something that no server has by itself.
_LOCK_TIMEOUT: Final = "4321ms"
_SESSION: Final = "SELECT pg_backend_pid()"
_DEAF: Final = "The connection to the database does not hear what it listens for."
_SHARED: Final = "Two statements on one connection reach two sessions of the database."
_BROKEN: Final = "The connection to the database does not keep a session."
_BARE: Final = "The connection to the database does not take options."
_FORGETFUL: Final = "The connection to the database forgets prepared statements."


@register(Tags.database)
def database_keeps_sessions(
    databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """LISTEN is heard, and session and prepared statements are kept while others are at work."""
    if "default" not in (databases or ()):
        return []
    with _connected() as listening, _connected() as other, _patience(listening, other):
        try:
            return list(_found(listening, other))
        except psycopg.Error as error:
            said = str(error).partition("\n")[0]
            return [Error(f"{_BROKEN} ({said})", hint=_HINT, id="messaging.E004")]


def _found(listening: psycopg.Connection, other: psycopg.Connection) -> Iterator[CheckMessage]:
    if _value(listening, "SHOW lock_timeout") != _LOCK_TIMEOUT:
        yield Error(_BARE, hint=_HINT_OPTIONS, id="messaging.E005")
    name = sql.Identifier(f"schoolchat_check_{secrets.token_hex(8)}")
    listening.execute(sql.SQL("LISTEN {}").format(name))
    listening.execute(sql.SQL("PREPARE {} AS SELECT 1").format(name))
    session = _value(listening, _SESSION)
    with other.transaction():
        # A bouncer that lends by the transaction has lent ours to this one until its end.
        other.execute("SELECT 1")
        if _value(listening, _SESSION) != session:
            yield Error(_SHARED, hint=_HINT, id="messaging.E002")
        if not _knows(listening, name):
            yield Error(_FORGETFUL, hint=_HINT, id="messaging.E003")
        other.execute(sql.SQL("NOTIFY {}").format(name))
    if not list(listening.notifies(timeout=_HEARD_SECONDS, stop_after=1)):
        yield Error(_DEAF, hint=_HINT, id="messaging.E001")


def _value(connection: psycopg.Connection, question: LiteralString) -> object:
    row = connection.execute(question).fetchone()
    return row and row[0]


def _knows(connection: psycopg.Connection, prepared: sql.Identifier) -> bool:
    try:
        connection.execute(sql.SQL("EXECUTE {}").format(prepared))
    except psycopg.errors.InvalidSqlStatementName:
        return False
    return True


def _connected() -> psycopg.Connection:
    with of_django.wrap_database_errors:
        return psycopg.connect(
            conninfo(), autocommit=True, options=f"-c lock_timeout={_LOCK_TIMEOUT}"
        )


@contextlib.contextmanager
def _patience(*connections: psycopg.Connection) -> Iterator[None]:
    """When it is at an end, whoever waits for an answer gets an error."""

    def cut() -> None:
        for connection in connections:
            with contextlib.suppress(OSError, psycopg.Error), _socket_of(connection) as its:
                its.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(_PATIENCE_SECONDS, cut)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _socket_of(connection: psycopg.Connection) -> socket.socket:
    return socket.socket(fileno=os.dup(connection.fileno()))
