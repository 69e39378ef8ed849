"""Pages take turns: a few are worked on at a time, and the others wait instead of failing.

Each page that is worked on has a thread and a connection to the database. When all staff come
at once, as after a restart, more threads would not be quicker, and those without a connection would
be answered with an error. Whoever is still sending a request, or slowly takes the answer, has no
turn.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase

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


class Pages(ASGIHandler):
    """Django's application with at most AT_A_TIME pages and FILES_AT_A_TIME files at once in an
    event loop.

    No middleware can see to that: Django runs one that could wait as one that cannot as soon as one
    below it cannot.
    """

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Between the last byte of the request and the first of the answer."""
        if _is_at_once(request.path):
            return await super().get_response_async(request)
        turns = _of_this_loop(request.path)
        await turns.acquire()
        work = asyncio.ensure_future(super().get_response_async(request))
        work.add_done_callback(partial(_end, turns))
        # Whoever goes away ends the waiting for it, and not the work of its thread.
        return await asyncio.shield(work)


def give_back(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Any:
    """The connection goes back to the pool when the answer is there: Django keeps it until that
    has been taken, and for good where nobody waits for it any more. The first of all middleware."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        try:
            return get_response(request)
        finally:
            if isinstance(request, ASGIRequest):
                close_old_connections()

    return answer


def _is_at_once(path: str) -> bool:
    """Whether the process is well, which is asked when it is not; and what pages load, which takes
    no connection."""
    return path in _AT_ONCE or path.startswith(settings.STATIC_URL)


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
