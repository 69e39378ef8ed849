"""A page that failed, is not there, or is not for everybody: a sentence for the person.

Of one that failed, a line of the log says which address and what went wrong, and never any content.
"""

import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final

import structlog
from django.core.handlers.asgi import ASGIRequest
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError, close_old_connections
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import page_not_found, permission_denied, server_error

_log = structlog.get_logger("schoolchat.pages")
_TRY_AGAIN_SECONDS: Final = 10


@receiver(got_request_exception)
def log_failure(request: HttpRequest | None = None, **_about: Any) -> None:
    """The kinds of the error and of its cause, since their words may hold values; the address as
    its pattern, without ids; and the place in the code."""
    error = sys.exception()
    found = request.resolver_match if request else None
    frames = traceback.extract_tb(error.__traceback__) if error else []
    _log.error(
        "a page failed",
        address=found.route if found else None,
        error=type(error).__name__,
        cause=type(error.__cause__).__name__ if error and error.__cause__ else None,
        place=f"{frames[-1].name}:{frames[-1].lineno}" if frames else None,
    )


def _giving_back[**P](
    show: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Django shows errors in a thread that is no request's (`convert_exception_to_response`, not
    thread-sensitive), which would keep its connection for as long as the process lives."""

    @wraps(show)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return show(request, *args, **kwargs)
        finally:
            if isinstance(request, ASGIRequest):
                close_old_connections()

    return shown


@_giving_back
def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for what is there for others."""
    return page_not_found(request, exception)


@_giving_back
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, where a page may be known of."""
    return permission_denied(request, exception)


@_giving_back
def failed(request: HttpRequest) -> HttpResponse:
    """What is shown instead of a page that failed: 503 while the database is away, which passes by
    itself; otherwise 500."""
    if not isinstance(sys.exception(), (OperationalError, InterfaceError)):
        return server_error(request)
    # Without the request: whatever its context would tell stands in the database.
    page = loader.get_template("503.html").render()
    return HttpResponse(page, status=503, headers={"Retry-After": str(_TRY_AGAIN_SECONDS)})
