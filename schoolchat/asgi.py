"""The ASGI application: pages through Django, `/ws/` through the chat's consumer."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")
django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from messaging.entrance import entrance  # noqa: E402
from messaging.process.giving_up import noticing  # noqa: E402
from messaging.routing import websockets  # noqa: E402
from schoolchat.bodies import limited  # noqa: E402
from schoolchat.lifespan import lifespan  # noqa: E402
from schoolchat.turns import Pages  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": limited(noticing(Pages())),
        "websocket": entrance(URLRouter(websockets)),
        "lifespan": lifespan,
    }
)
