"""The product's ASGI application on a real server inside the test's process."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from schoolchat.asgi import application
from schoolchat.serving.ready_frames import ReadyFrames


class Server:
    """Uvicorn in a thread of its own, on a free port."""

    def __init__(self) -> None:
        config = uvicorn.Config(
            application,
            host="127.0.0.1",
            port=0,
            lifespan="on",
            log_level="error",
            ws=ReadyFrames,
            ws_per_message_deflate=False,
            ws_max_size=256 * 1024,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> "Server":
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def _run(self) -> None:
        asyncio.run(self._server.serve())

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def websocket(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/"


@contextmanager
def serving(**_options: Any) -> Iterator[Server]:
    """A server for the length of the block."""
    server = Server().start()
    try:
        yield server
    finally:
        server.stop()
