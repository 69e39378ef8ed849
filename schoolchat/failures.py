"""A page that failed is a line of the log: which address, what went wrong; never any content."""

import sys
import traceback
from typing import Any

import structlog
from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest

_log = structlog.get_logger("schoolchat.pages")


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
