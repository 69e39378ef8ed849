"""Calling the database from the event loop: a few threads, each with a pooled connection."""

import asyncio
import select
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from django.db import OperationalError, close_old_connections, connections
from psycopg_pool import PoolClosed

_THREADS: Final = 8
#: A lane's statements are planned once. Nothing in it may wait long, since all else waits for it.
_LANE_OPTIONS: Final = {
    "prepare_threshold": 1,
    "connect_timeout": 3,
    "tcp_user_timeout": 5_000,
    # Else a server that took the question and is gone would be waited for for hours.
    "keepalives_idle": 3,
    "keepalives_interval": 1,
}
_SESSION: Final = "-c plan_cache_mode=force_generic_plan -c jit=off -c statement_timeout=10s"
_pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="messaging")


async def in_thread[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of `call`, run in a thread that gives its connection back afterwards."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool, partial(_with_connection, call, *args, **kwargs))


def _with_connection[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    close_old_connections()
    try:
        _take_connection()
        return call(*args, **kwargs)
    finally:
        connections.close_all()


def _take_connection() -> None:
    """From the pool; from the next one, where a new pool was begun while this waited."""
    pooled = connections["default"]
    try:
        pooled.ensure_connection()
    except OperationalError as error:
        if not isinstance(error.__cause__, PoolClosed):
            raise
        pooled.ensure_connection()


def forget_connections() -> None:
    """Begin a new pool: the database was away, and is back.

    The old one would find out by itself, connection by connection, waiting longer after each that
    is broken and, after an attempt that failed, up to half a minute before the next: for so long
    those who read would be refused.
    """
    pooled: Any = connections["default"]
    pooled.close_pool()


class Lane:
    """A thread, or a few, each with a connection of its own that stays open: for what runs all the
    time.

    What waits is done in its order. A connection that the server has closed meanwhile is noticed
    before a call and made anew; one that breaks in the middle of a call raises, and the next call
    has a new one.
    """

    def __init__(self, name: str, *, threads: int = 1, lock_milliseconds: int = 200) -> None:
        self._session = f"{_SESSION} -c lock_timeout={lock_milliseconds}"
        self._connections: list[Any] = []
        self._threads = ThreadPoolExecutor(
            threads, thread_name_prefix=name, initializer=self._connect
        )

    async def run[**P, T](self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `call`, run in this lane."""
        ready = partial(_on_live_connection, call, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._threads, ready)

    async def close(self) -> None:
        """Wait for what runs, and close the connections."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._threads.shutdown()
        for connection in self._connections:
            connection.inc_thread_sharing()  # its thread is gone
            connection.close()

    def _connect(self) -> None:
        """In a thread of the lane: not from the pool, and with statements prepared."""
        own: Any = connections["default"].copy()
        known = own.settings_dict["OPTIONS"].items()
        options = {name: value for name, value in known if name != "pool"}
        own.settings_dict["OPTIONS"] = {**options, **_LANE_OPTIONS, "options": self._session}
        connections["default"] = own
        self._connections.append(own)


def _on_live_connection[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    connection: Any = connections["default"]
    if connection.connection is not None and _is_gone(connection):
        connection.close()
    try:
        return call(*args, **kwargs)
    except BaseException:
        connection.close_if_unusable_or_obsolete()
        raise


def _is_gone(connection: Any) -> bool:
    """An idle connection has nothing to read, unless the server said goodbye."""
    if connection.connection.closed:
        return True
    reading = select.poll()
    reading.register(connection.connection.fileno(), select.POLLIN)
    return bool(reading.poll(0))
