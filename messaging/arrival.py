"""Letting a socket in: who has opened it, and from when on its bells are heard."""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, parse_cookie
from django.utils.translation import get_language_from_request

from accounts.authentication import Signed, admit
from accounts.models import User
from audit.keyring import KeyringError
from messaging.live.frames import (
    CLOSED_NOT_ALLOWED,
    CLOSED_SIGNED_OUT,
    CLOSED_TRY_AGAIN,
    TRANSPORT,
)
from messaging.live.hub import Hub, ends
from messaging.live.socket import QueuedSocket, ReadySocket, Send, Socket
from messaging.process import metrics

_log = structlog.get_logger("schoolchat.live")
#: The database, or the keyring, cannot be reached.
AWAY: Final = (OperationalError, InterfaceError, KeyringError)

type Scope = Mapping[str, Any]


def language_of(scope: Scope) -> str:
    """The language that a browser asks for, by the same rules as for its pages."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    request = HttpRequest()
    request.COOKIES = parse_cookie(headers.get(b"cookie", ""))
    request.META["HTTP_ACCEPT_LANGUAGE"] = headers.get(b"accept-language", "")
    return get_language_from_request(request)


class Refused(Exception):
    """Nobody is let in by this socket; `code` is the close code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


async def let_in(here: Hub, scope: Scope, send: Send) -> tuple[Socket, User]:
    """Let in who is signed in; the close codes say why not."""
    metrics.HANDSHAKES.inc()
    if not {name.lower() for name, _ in scope["headers"]} & {b"cookie", b"authorization"}:
        raise Refused(CLOSED_SIGNED_OUT)
    with here.unsure(), here.noting() as bells:
        signed, person = await _admitted(here, scope)
        if any(ends(bell, signed) for bell in bells):
            raise Refused(CLOSED_NOT_ALLOWED)
        transport = scope.get("extensions", {}).get(TRANSPORT)
        socket = ReadySocket(signed, transport) if transport else QueuedSocket(signed, send)
        here.add(socket)
    return socket, person


async def _admitted(here: Hub, scope: Scope) -> tuple[Signed, User]:
    try:
        admitted = await here.admission.run(admit, scope)
    except AWAY as away:
        _log.warning("nobody let in", error=type(away).__name__)
        raise Refused(CLOSED_TRY_AGAIN) from away
    if admitted is None:
        raise Refused(CLOSED_SIGNED_OUT)
    return admitted
