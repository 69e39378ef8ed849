"""The application: one route, behind the middleware that Channels' tutorial puts there."""

from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

get_asgi_application()

from benchmarks.live.against.usual.consumers import Chat  # noqa: E402 - wants the apps
from benchmarks.live.against.usual.people import session_key  # noqa: E402

signed_in = AuthMiddlewareStack(URLRouter([path("ws/", Chat.as_asgi())]))


async def sockets(scope: Any, receive: Any, send: Any) -> None:
    """The generator shows a token, and this pattern has cookies."""
    token = dict(scope["headers"])[b"authorization"].decode().removeprefix("Bearer ")
    cookie = (b"cookie", f"sessionid={session_key(token)}".encode())
    await signed_in({**scope, "headers": [*scope["headers"], cookie]}, receive, send)


application = ProtocolTypeRouter({"websocket": sockets})
