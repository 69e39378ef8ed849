"""Pages take turns: a few are worked on at a time, and the others wait instead of failing.

Each page that is worked on has a thread and a connection to the database. When all staff come
at once, as after a restart, more threads would not be quicker, and those without a connection would
be answered with an error.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from weakref import WeakKeyDictionary

#: With the threads of the live part no more than there are connections in the pool.
AT_A_TIME: Final = 8
#: What looks whether the process is well must not wait behind those who keep it busy.
_AT_ONCE: Final = frozenset({"/healthz", "/readyz", "/metrics"})

type Event = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Event]]
type Send = Callable[[Event], Awaitable[None]]
type Application = Callable[..., Awaitable[None]]

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def in_turn(application: Application) -> Application:
    """The ASGI application, at most AT_A_TIME requests of it at once in an event loop."""

    async def take_turn(scope: Any, receive: Receive, send: Send) -> None:
        if scope["path"] in _AT_ONCE:
            await application(scope, receive, send)
            return
        turn = _Turn(_of_this_loop(), send)
        await turn.begin()
        try:
            await application(scope, receive, turn.send)
        finally:
            turn.end()

    return take_turn


class _Turn:
    """One request's turn. A long file is still being sent when the turn is over."""

    def __init__(self, turns: asyncio.Semaphore, send: Send) -> None:
        self._turns = turns
        self._send = send
        self._is_mine = False

    async def begin(self) -> None:
        await self._turns.acquire()
        self._is_mine = True

    def end(self) -> None:
        if self._is_mine:
            self._is_mine = False
            self._turns.release()

    async def send(self, event: Event) -> None:
        if event.get("more_body"):
            self.end()
        await self._send(event)


def _of_this_loop() -> asyncio.Semaphore:
    loop = asyncio.get_running_loop()
    if loop not in _turns:
        _turns[loop] = asyncio.Semaphore(AT_A_TIME)
    return _turns[loop]
