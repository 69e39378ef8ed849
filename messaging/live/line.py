"""A connection to PostgreSQL that listens, and shows several times a second that it is alive.

It is read at libpq's own level: what is said is taken the moment it arrives, also while a question
is open, and nothing here ever waits for a connection that does not answer. (psycopg's waiting, when
it is given up, first asks the server to cancel, which over a network that swallows everything takes
ten seconds.)
"""

import asyncio
import contextlib
import time
from collections import deque
from typing import Final, Self

import psycopg
from django.db import connection as of_django
from psycopg import pq
from psycopg.conninfo import make_conninfo

from accounts.bell import CHANNEL

#: An answer brings the next question after so long,
_ASK_SECONDS: Final = 0.5
#: and a connection that has not answered for so long is lost.
_ALIVE_SECONDS: Final = 1.0
#: libpq waits no shorter.
_CONNECT_SECONDS: Final = 2
#: Of libpq: how the connection to a server is encrypted and the server known.
_TLS_OPTIONS: Final = ("sslmode", "sslrootcert", "sslcert", "sslkey")
#: The clocks are compared by the quickest of so many answers.
_ANSWERS_COMPARED: Final = 10

_LISTEN: Final = f'LISTEN "{CHANNEL}"'.encode()
#: Also asks whether PostgreSQL still knows that we listen: a bouncer may have given us another
#: of its connections.
_ASK: Final = (
    b"SELECT extract(epoch FROM clock_timestamp()), EXISTS (SELECT FROM pg_listening_channels())"
)


class LineLost(Exception):
    """The connection does not answer, or PostgreSQL does not know that it listens."""


class Line:
    """A connection that listens; close it when done."""

    def __init__(self, connection: psycopg.AsyncConnection) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self._descriptor = connection.pgconn.socket
        self._said: list[bytes] = []
        self._stirred = asyncio.Event()
        self._broken: Exception | None = None
        self._asked_at: float | None = None
        self._answered_at = time.monotonic()
        self._offsets: deque[tuple[float, float]] = deque(maxlen=_ANSWERS_COMPARED)

    @classmethod
    async def open(cls) -> Self:
        """Connect and begin to listen; raises psycopg.Error, OSError or LineLost."""
        line = cls(await psycopg.AsyncConnection.connect(conninfo(), autocommit=True))
        asyncio.get_running_loop().add_reader(line._descriptor, line._readable)
        try:
            await line._listen()
        except BaseException:
            await line.close()
            raise
        return line

    async def close(self) -> None:
        """Let it go, without waiting for a server that may not answer."""
        if not self._broken:
            asyncio.get_running_loop().remove_reader(self._descriptor)
        await self._connection.close()

    async def said(self) -> list[bytes]:
        """What has been said since the last call, as soon as there is something.

        Nothing, when nothing was said for a while. Raises psycopg.Error or LineLost.
        """
        await self._wait()
        said, self._said = self._said, []
        return said

    def age_of(self, at: float) -> float | None:
        """Seconds since `at`, which is milliseconds since the epoch by the database's clock.

        Never negative; None before the clocks have been compared.
        """
        if not self._offsets:
            return None
        _round_trip, offset = min(self._offsets)
        return max(0.0, time.monotonic() + offset - at / 1000)

    async def _listen(self) -> None:
        for question in (_LISTEN, _ASK):
            self._send(question)
            while self._asked_at is not None:
                await self._wait()

    async def _wait(self) -> None:
        """Until something arrives or is due."""
        if not self._broken:
            self._see_alive()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(self._due()):
                await self._stirred.wait()
        self._stirred.clear()
        if self._broken:
            raise self._broken

    def _due(self) -> float:
        """When, by the loop's clock, there is something to do though nothing is said."""
        pause = _ASK_SECONDS if self._asked_at is None else _ALIVE_SECONDS
        return asyncio.get_running_loop().time() + self._answered_at + pause - time.monotonic()

    def _see_alive(self) -> None:
        if self._silent() >= _ALIVE_SECONDS:
            self._readable()  # this process may have been held up, and the answer have waited
        if self._silent() >= _ALIVE_SECONDS and self._asked_at is not None:
            raise LineLost("no answer")
        if self._silent() >= _ASK_SECONDS and self._asked_at is None and not self._broken:
            self._send(_ASK)

    def _silent(self) -> float:
        return time.monotonic() - self._answered_at

    def _send(self, question: bytes) -> None:
        self._asked_at = time.monotonic()
        self._pgconn.send_query(question)
        self._pgconn.flush()

    def _readable(self) -> None:
        try:
            self._pgconn.consume_input()
            while notify := self._pgconn.notifies():
                self._said.append(notify.extra)
            self._take_answer()
        except (psycopg.Error, LineLost) as error:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            self._broken = error
        self._stirred.set()

    def _take_answer(self) -> None:
        while self._asked_at is not None and not self._pgconn.is_busy():
            result = self._pgconn.get_result()
            if result is None:
                self._asked_at = None
            elif result.status == pq.ExecStatus.FATAL_ERROR:
                raise psycopg.errors.error_from_result(result)
            else:
                self._note(result, time.monotonic(), self._asked_at)

    def _note(self, result: pq.abc.PGresult, now: float, asked: float) -> None:
        self._answered_at = now
        if result.status != pq.ExecStatus.TUPLES_OK:
            return
        clock, listens = result.get_value(0, 0), result.get_value(0, 1)
        if listens != b"t" or clock is None:
            raise LineLost("not listening")
        self._offsets.append((now - asked, float(clock) - (asked + now) / 2))


def conninfo() -> str:
    """How Django connects, less what belongs to its own wrapper."""
    given = of_django.get_connection_params()
    names = ("host", "port", "dbname", "user", "password", "options", *_TLS_OPTIONS)
    known = {name: given[name] for name in names if given.get(name)}
    return make_conninfo(**known, connect_timeout=_CONNECT_SECONDS)
