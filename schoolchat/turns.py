"""Pages take turns: a few are worked on at a time, and the others wait instead of failing.

Each page that is worked on has a thread and a connection to the database. When all staff come
at once, as after a restart, more threads would not be quicker, and those without a connection would
be answered with an error. Whoever is still sending a request, or slowly takes the answer, has no
turn.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final
from weakref import WeakKeyDictionary

from asgiref.sync import iscoroutinefunction
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from schoolchat.bodies import UPLOADS

#: With the threads of the live part fewer than there are connections in the pool: what is looked at
#: to see whether the process is well, and files that are being sent, need some as well.
AT_A_TIME: Final = 6
#: What waits for the storage and the virus scanner, which may hang, keeps no page waiting.
FILES_AT_A_TIME: Final = 2
_FILES: Final = (UPLOADS, "/messages/files/")
_AT_ONCE: Final = frozenset({"/healthz", "/readyz", "/metrics"})

type _Turns = WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]
_of_pages: _Turns = WeakKeyDictionary()
_of_files: _Turns = WeakKeyDictionary()


@sync_and_async_middleware
def turns(get_response: Any) -> Any:
    """At most AT_A_TIME pages and FILES_AT_A_TIME files at once in an event loop; the first of all
    middleware."""
    return _in_turn(get_response) if iscoroutinefunction(get_response) else get_response


def give_back(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Any:
    """The connection goes back to the pool when the answer is there: Django keeps it until that
    has been taken, and for good where nobody waits for it any more. The first of all that runs in
    the request's thread."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        try:
            return get_response(request)
        finally:
            if isinstance(request, ASGIRequest):
                close_old_connections()

    return answer


def _in_turn(get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]]) -> Any:
    async def take_turn(request: HttpRequest) -> HttpResponseBase:
        if request.path in _AT_ONCE:
            return await get_response(request)
        turns = _of_this_loop(request.path)
        await turns.acquire()
        work = asyncio.ensure_future(get_response(request))
        work.add_done_callback(partial(_end, turns))
        # Whoever goes away ends the waiting for it, and not the work of its thread.
        return await asyncio.shield(work)

    return take_turn


def _end(turns: asyncio.Semaphore, work: "asyncio.Future[HttpResponseBase]") -> None:
    turns.release()
    if not work.cancelled():
        work.exception()  # whoever waits has it; of others nobody asks


def _of_this_loop(path: str) -> asyncio.Semaphore:
    loop = asyncio.get_running_loop()
    turns, places = (
        (_of_files, FILES_AT_A_TIME) if path.startswith(_FILES) else (_of_pages, AT_A_TIME)
    )
    if loop not in turns:
        turns[loop] = asyncio.Semaphore(places)
    return turns[loop]
