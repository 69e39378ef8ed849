"""The ASGI application: pages through Django, `/ws/` through the chat's consumer."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from messaging.entrance import entrance  # noqa: E402
from messaging.process.giving_up import noticing  # noqa: E402
from messaging.routing import websockets  # noqa: E402
from schoolchat.bodies import limited  # noqa: E402
from schoolchat.lifespan import lifespan  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": limited(noticing(pages)),
        "websocket": entrance(URLRouter(websockets)),
        "lifespan": lifespan,
    }
)
