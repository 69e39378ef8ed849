"""Who may open the websocket: a page of our own, or a program with a token.

A browser sends cookies from anywhere, so a socket with a cookie has to say which page opened it
(Origin). A program sends a token, which no foreign page can do.
"""

from typing import Any
from urllib.parse import ParseResult, urlparse

from channels.security.websocket import OriginValidator, WebsocketDenier
from django.conf import settings

from accounts.security import SecurityEvent, address_in, note

type Application = Any


def entrance(application: Application) -> Application:
    """Wrap the websocket's application with the Origin check."""
    ours = OriginValidator(application, settings.ALLOWED_HOSTS)
    denied = WebsocketDenier.as_asgi()

    async def enter(scope: dict[str, Any], receive: Any, send: Any) -> None:
        names = {name for name, _ in scope["headers"]}
        program = b"authorization" in names and b"origin" not in names
        if program or ours.valid_origin(_origin(scope)):
            await application(scope, receive, send)
            return
        # Whose cookie it is, is not looked up: it would cost a query for each who knocks.
        address = address_in((scope.get("client") or [None])[0])
        note(SecurityEvent.ORIGIN_REFUSED, person=None, address=address)
        await denied(scope, receive, send)

    return enter


def _origin(scope: dict[str, Any]) -> ParseResult | None:
    """The page that opens the socket, as the browser says; None where that cannot be read."""
    said = [value for name, value in scope["headers"] if name == b"origin"]
    try:
        return urlparse(said[-1].decode("latin-1")) if said else None
    except ValueError:
        return None
