"""A web process of `serve`, on uvicorn: `python -m schoolchat.serving.uvicorn FD`.

FD is the bound socket, inherited and shared with the other web processes.
"""

import os
import socket
import sys
from typing import Final

import uvicorn

from schoolchat.serving.parent import live_with_parent

APPLICATION: Final = "schoolchat.asgi:application"
FRAME_BYTES: Final = 256 * 1024  # a longer frame closes the socket with 1009
GRACE_SECONDS: Final = 5


def serve_web(descriptor: int) -> None:
    """Serve on the inherited socket until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")
    config = uvicorn.Config(
        APPLICATION,
        loop="uvloop",
        ws="websockets-sansio",
        ws_max_size=FRAME_BYTES,
        ws_per_message_deflate=False,  # it would double the cost of a delivery
        access_log=False,  # the log must not become a record of who reads when
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    live_with_parent()
    serve_web(int(sys.argv[1]))
