"""The ASGI lifespan: when the server stops, the hub stops listening."""

from typing import Any

from messaging.live.hub import stop_hub


async def lifespan(_scope: Any, receive: Any, send: Any) -> None:
    """Answer the server's start and stop (the ASGI specification, Lifespan protocol)."""
    while True:
        event = await receive()
        if event["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
            continue
        await stop_hub()
        await send({"type": "lifespan.shutdown.complete"})
        return
