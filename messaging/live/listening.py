"""The connection that listens to PostgreSQL's bell, and finds its way back when it is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import orjson
import psycopg
import structlog
from django.db import Error as DatabaseUnavailable
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from accounts.bell import CHANNEL

_log = structlog.get_logger("schoolchat.live")
_RETRY_SECONDS = 0.5
#: Of libpq: how the connection to a server is encrypted and the server known.
TLS_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
#: How often the connection has to answer before it counts as lost.
_ALIVE_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Bell:
    """What a NOTIFY said: channels with their positions, people whose accounts closed, and
    sessions and tokens that ended."""

    channels: tuple[tuple[UUID, int], ...] = ()
    people: tuple[UUID, ...] = ()
    ended: frozenset[str] = frozenset()


def parse_bell(payload: str) -> Bell:
    """A bell from its JSON."""
    said = orjson.loads(payload)
    return Bell(
        channels=tuple((UUID(c), int(p)) for c, p in said.get("channels", ())),
        people=tuple(UUID(p) for p in said.get("people", ())),
        ended=frozenset([*said.get("sessions", ()), *said.get("tokens", ())]),
    )


class Listener:
    """Listens as long as the process runs; `missed` is called after each (re)connection."""

    def __init__(
        self, heard: Callable[[Bell], None], missed: Callable[[], Awaitable[None]]
    ) -> None:
        self._heard = heard
        self._missed = missed
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._listen_forever())
        self._task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Stop listening."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A listener that ends by a fault of ours says so and begins again."""
        if not task.cancelled() and (error := task.exception()):
            _log.critical("the listener has ended", error=type(error).__name__)
            task.get_loop().call_later(_RETRY_SECONDS, self.start)

    async def _listen_forever(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.Error, DatabaseUnavailable, OSError, TimeoutError) as error:
                _log.warning("not listening", error=type(error).__name__)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen(self) -> None:
        listening = await psycopg.AsyncConnection.connect(_conninfo(), autocommit=True)
        async with listening:
            await listening.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            await self._missed()
            while True:
                async for notify in listening.notifies(timeout=_ALIVE_SECONDS):
                    self._heard(parse_bell(notify.payload))
                async with asyncio.timeout(_ALIVE_SECONDS):
                    await listening.execute("SELECT 1")


def _conninfo() -> str:
    """How Django connects, less what belongs to its own wrapper."""
    given = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password", "options", *TLS_OPTIONS)
    return make_conninfo(**{name: given[name] for name in names if given.get(name)})
