"""A page that failed: a sentence for the person, and a line of the log that says which address and
what went wrong, and never any content."""

import sys
import traceback
from typing import Any, Final

import structlog
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import server_error

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


def failed(request: HttpRequest) -> HttpResponse:
    """What is shown instead of a page that failed: 503 while the database is away, which passes by
    itself; otherwise 500."""
    if not isinstance(sys.exception(), (OperationalError, InterfaceError)):
        return server_error(request)
    # Without the request: whatever its context would tell stands in the database.
    page = loader.get_template("503.html").render()
    return HttpResponse(page, status=503, headers={"Retry-After": str(_TRY_AGAIN_SECONDS)})
