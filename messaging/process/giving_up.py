"""Who goes away ends what PostgreSQL does for them.

A page that is worked on in a thread cannot be stopped from outside, but its statement can. Pages
that may take long put themselves under `given_up`, and `noticing` hears that nobody waits any
more. Only for pages that read, or where what they write belongs to what they show and goes with
it. A page that puts on record that something was asked has the reading alone `while_waited`, and
writes to the end.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Condition
from typing import Any, Concatenate, Final

import psycopg
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse

#: What nginx calls it when a client closed the request; nobody reads it.
NOBODY_WAITS: Final = 499
_AGAIN_SECONDS: Final = 0.05
_MOST_TIMES: Final = 40
_CANCEL_SECONDS: Final = 2.0
_KEY: Final = "schoolchat.waiting"

type Application = Callable[[Any, Any, Any], Coroutine[Any, Any, None]]


class Waiting:
    """Whether somebody waits for a page, and the connection that works for it."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._at_work: psycopg.Connection[Any] | None = None
        self.given_up = False

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The statements inside are ended by `give_up`; then they raise OperationalError."""
        connection.ensure_connection()
        with self._changed:
            self._at_work = connection.connection
        try:
            yield
        finally:
            with self._changed:
                self._at_work = None
                self._changed.notify_all()

    def give_up(self) -> None:
        """Nobody waits any more. From any thread; blocks until the statements have ended, or two
        seconds: one that begins between two others is met by the next try."""
        with self._changed:
            self.given_up = True
            for _ in range(_MOST_TIMES):
                if self._at_work is None:
                    return
                self._cancel(self._at_work)
                self._changed.wait(_AGAIN_SECONDS)

    @staticmethod
    def _cancel(at_work: psycopg.Connection[Any]) -> None:
        try:
            at_work.cancel_safe(timeout=_CANCEL_SECONDS)
        except psycopg.Error:
            return  # it ends with its connection


def noticing(pages: Application) -> Application:
    """The same pages, of which those under `given_up` are ended when the client goes away."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        waiting = Waiting()

        async def heard() -> Any:
            event = await receive()
            if event["type"] == "http.disconnect":
                asyncio.get_running_loop().run_in_executor(None, waiting.give_up)
            return event

        await pages({**scope, _KEY: waiting}, heard, send)

    return application


def _waiting_for(request: object) -> Waiting:
    waiting: Waiting = getattr(request, "scope", {}).get(_KEY) or Waiting()
    return waiting


@contextmanager
def while_waited(request: HttpRequest) -> Iterator[None]:
    """What is read inside is ended, and the block with it, as soon as nobody waits for the page;
    what follows the block is done all the same."""
    waiting = _waiting_for(request)
    try:
        with waiting.at_work():
            yield
    except OperationalError:
        if not waiting.given_up:
            raise


def given_up[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A view whose statements are ended as soon as nobody waits for the page."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        given = HttpResponse(status=NOBODY_WAITS)
        with while_waited(request):
            given = view(request, *args, **kwargs)
        return given  # noqa: RET504  (the view's, unless it was ended)

    return answer
