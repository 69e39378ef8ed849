"""The product's web processes, as `serve` starts them, on the test's database; and a Redis."""

import itertools
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from django.db import connection

from schoolchat.serving.lifeline import TREE, environment_for
from tests.faults.product import until


@dataclass(kw_only=True)
class Web:
    """One or more web processes, each on a port of its own; sockets go to them by turns."""

    ports: list[int]
    _turns: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        self._turns = itertools.cycle(self.ports)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    @property
    def websocket(self) -> str:
        return f"ws://127.0.0.1:{next(self._turns)}/ws/"


@contextmanager
def web_processes(server: str, *, count: int = 1, redis: str = "") -> Iterator[Web]:
    """`count` processes of `schoolchat.serving.SERVER`, which answer."""
    with ExitStack() as stack:
        yield Web(ports=[stack.enter_context(_process(server, redis)) for _ in range(count)])


@contextmanager
def _process(server: str, redis: str) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        descriptor = listener.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", f"schoolchat.serving.{server}", str(descriptor)],
            cwd=TREE,
            env={**environment_for("web"), "DATABASE_URL": _database(), "REDIS_URL": redis},
            pass_fds=[descriptor],
        )
        try:
            port = listener.getsockname()[1]
            until(lambda: _answers(port))
            yield port
        finally:
            process.kill()
            process.wait()


def _database() -> str:
    """The test's own, at the test's server."""
    here = connection.settings_dict
    host = quote(str(here["HOST"]), safe="")
    return f"postgresql://{host}:{here['PORT']}/{here['NAME']}"


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@dataclass(kw_only=True)
class Redis:
    """Debian's redis-server, with nothing on disk."""

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def redis_server() -> Iterator[Redis]:
    """One at a socket in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="schoolchat-redis-") as folder:
        at = Path(folder) / "redis.sock"
        process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", str(at), "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"]},
        )
        running = Redis(url=f"unix://{at}", process=process)
        try:
            until(at.exists)
            yield running
        finally:
            running.kill()
