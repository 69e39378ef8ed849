"""Who may open the websocket: a page of our own, or a program with a token.

A browser sends cookies from anywhere, so a socket with a cookie has to say which page opened it
(Origin). A program sends a token, which no foreign page can do.
"""

from typing import Any

from channels.security.websocket import AllowedHostsOriginValidator

type Application = Any


def entrance(application: Application) -> Application:
    """Wrap the websocket's application with the Origin check."""
    checked = AllowedHostsOriginValidator(application)

    async def enter(scope: dict[str, Any], receive: Any, send: Any) -> None:
        names = {name for name, _ in scope["headers"]}
        program = b"authorization" in names and b"origin" not in names
        await (application if program else checked)(scope, receive, send)

    return enter
