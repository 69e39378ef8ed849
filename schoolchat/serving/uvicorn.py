"""A web process of `serve`, on uvicorn: `python -m schoolchat.serving.uvicorn FD`.

FD is the bound socket, inherited and shared with the other web processes.
"""

import gc
import os
import resource
import socket
import sys
from typing import Final

import uvicorn

from schoolchat.serving.parent import live_with_parent
from schoolchat.serving.ready_frames import ReadyFrames

APPLICATION: Final = "schoolchat.asgi:application"
FRAME_BYTES: Final = 256 * 1024  # a longer frame closes the socket with 1009
GRACE_SECONDS: Final = 5
#: How long one thread of Python may make another wait: the writer and the event loop take turns.
SWITCH_SECONDS: Final = 0.0005


def configuration(loop: str = "uvloop") -> uvicorn.Config:
    """How uvicorn serves the application."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")
    return uvicorn.Config(
        APPLICATION,
        loop=loop,
        ws=ReadyFrames,
        ws_max_size=FRAME_BYTES,
        ws_per_message_deflate=False,  # it would double the cost of a delivery
        access_log=False,  # the log must not become a record of who reads when
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def serve_web(descriptor: int) -> None:
    """Serve on the inherited socket until told to stop."""
    allow_many_files()
    sys.setswitchinterval(SWITCH_SECONDS)
    served = configuration()
    served.load()
    # What was loaded stays: a collector that looks through it each time holds everybody up.
    gc.collect()
    gc.freeze()
    uvicorn.Server(served).run(sockets=[socket.socket(fileno=descriptor)])


def allow_many_files() -> None:
    """Each socket is an open file: take as many as the machine lets us have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    live_with_parent()
    serve_web(int(sys.argv[1]))
