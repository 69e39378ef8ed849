"""The one websocket."""

from django.urls import path

from messaging.consumers import ChatConsumer

websockets = [path("ws/", ChatConsumer.as_asgi())]
