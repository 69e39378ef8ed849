"""Listening to PostgreSQL's bell, and asking for what was missed when it could not be heard."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson
import psycopg
import structlog
from django.db import Error as DatabaseUnavailable

from messaging.live.lasting import Lasting
from messaging.live.line import Line, LineLost

_log = structlog.get_logger("schoolchat.live")
#: Between two attempts to listen, and between two questions for what was missed meanwhile.
_RETRY_SECONDS: Final = 0.5
_AWAY: Final = (DatabaseUnavailable, psycopg.Error, OSError, TimeoutError, LineLost)


@dataclass(frozen=True, kw_only=True)
class Bell:
    """What a NOTIFY said.

    Attributes:
        channels: channels with the positions that they have reached.
        people: those whose accounts closed.
        ended: sessions (their hashes) and tokens (their ids) that ended.
        school: settings of the school are others now.
        at: when it was rung, in milliseconds since the epoch by the database's clock.
        lag: seconds from the ringing to the hearing, the commit among them; never negative.
    """

    channels: tuple[tuple[UUID, int], ...] = ()
    people: tuple[UUID, ...] = ()
    ended: frozenset[str] = frozenset()
    school: bool = False
    at: float | None = None
    lag: float | None = None


def parse_bell(payload: str | bytes, age_of: Callable[[float], float | None] | None = None) -> Bell:
    """A bell from its JSON; `age_of` tells how many seconds ago a time of ringing was.

    Raises ValueError, TypeError or AttributeError for what is no bell of ours.
    """
    said = orjson.loads(payload)
    at = said.get("at")
    return Bell(
        channels=tuple((UUID(c), int(p)) for c, p in said.get("channels", ())),
        people=tuple(UUID(p) for p in said.get("people", ())),
        ended=frozenset([*said.get("sessions", ()), *said.get("tokens", ())]),
        school=bool(said.get("school")),
        at=at,
        lag=None if at is None or age_of is None else age_of(at),
    )


class Listener:
    """Listens as long as the process runs.

    `heard` is called with each bell, in the event loop. `missed` is called whenever something may
    have gone unheard: every half second for as long as nothing can be heard, and once more when
    listening has begun again; never twice at a time. Before that `back` is called: the database
    was away, and can be reached again.
    """

    def __init__(
        self,
        heard: Callable[[Bell], None],
        missed: Callable[[], Awaitable[None]],
        back: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._heard = heard
        self._missed = missed
        self._back = back
        self._was_lost = False
        self._line: Line | None = None
        self._behind = asyncio.Event()
        self._stirred = asyncio.Event()
        self._tasks = Lasting()

    @property
    def lost(self) -> bool:
        """Whether bells go unheard just now, or may have gone and were not yet asked for."""
        return self._line is None or self._behind.is_set()

    def start(self) -> None:
        """Begin to listen."""
        self.fall_behind()
        self._tasks.run("listening", self._listen_forever)
        self._tasks.run("asking", self._ask_forever)

    async def stop(self) -> None:
        """Stop listening."""
        await self._tasks.stop()

    def fall_behind(self) -> None:
        """Something may have gone unheard: ask at once."""
        self._behind.set()
        self._stirred.set()

    async def _listen_forever(self) -> None:
        while True:
            try:
                await self._listen()
            except _AWAY as error:
                _log.warning("not listening", error=type(error).__name__)
            self._was_lost = True
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen(self) -> None:
        line = await Line.open()
        try:
            if self._was_lost and self._back:
                await self._back()
            self._line = line
            self.fall_behind()
            while True:
                for payload in await line.said():
                    self._take(payload, line)
        finally:
            self._line = None
            self.fall_behind()
            await line.close()

    def _take(self, payload: bytes, line: Line) -> None:
        try:
            bell = parse_bell(payload, line.age_of)
        except (ValueError, TypeError, AttributeError):
            # Of another version of SchoolChat perhaps: what it told is asked for instead.
            _log.warning("a bell that cannot be read", bytes=len(payload))
            self.fall_behind()
        else:
            self._heard(bell)

    async def _ask_forever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._behind.wait()
            again_at = loop.time() + _RETRY_SECONDS
            self._stirred.clear()
            if await self._ask():
                continue
            try:
                async with asyncio.timeout_at(again_at):
                    await self._stirred.wait()
            except TimeoutError:
                continue

    async def _ask(self) -> bool:
        """Ask once for what was missed; whether nothing more can have been."""
        if listens := self._line is not None:
            self._behind.clear()  # whatever is missed from here on sets it again
        known = False
        try:
            await self._missed()
            known = True
        except _AWAY as error:
            _log.warning("what was missed is not known", error=type(error).__name__)
        finally:
            if not known:
                self._behind.set()
        return known and listens
