"""The one websocket."""

from typing import Any

from django.urls import path

from messaging.consumers import chat

# Channels' router takes Django's routes, which lead here to an ASGI application.
_chat: Any = chat
websockets = [path("ws/", _chat)]
