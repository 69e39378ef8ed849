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
from functools import partial
from pathlib import Path
from typing import IO, Any
from urllib.error import URLError
from urllib.request import urlopen

from schoolchat.serving.lifeline import TREE, environment_for
from tests.faults.product import until
from tests.faults.proxy import database_url


@dataclass(frozen=True, kw_only=True)
class WebProcess:
    """One process, which answers at `port`."""

    port: int
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@dataclass(kw_only=True)
class Web:
    """One or more web processes, each on a port of its own; sockets go to them by turns."""

    processes: list[WebProcess]
    _turns: Iterator[WebProcess] = field(init=False)

    def __post_init__(self) -> None:
        self._turns = itertools.cycle(self.processes)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.processes[0].port}"

    @property
    def websocket(self) -> str:
        return f"ws://127.0.0.1:{next(self._turns).port}/ws/"

    def at(self, number: int) -> "Web":
        """One of the processes alone."""
        return Web(processes=[self.processes[number]])


@contextmanager
def web_processes(
    server: str,
    *,
    count: int = 1,
    redis: str = "",
    package: str = "schoolchat.serving",
    out: Any = None,
    **environment: str,
) -> Iterator[Web]:
    """`count` processes of `schoolchat.serving.SERVER`, which answer; `environment` is added to
    theirs (DATABASE_URL=proxied.url puts a proxy between), what they say goes to `out`."""
    more = {"DATABASE_URL": database_url(), "REDIS_URL": redis, **environment}
    with ExitStack() as stack:
        running = [
            stack.enter_context(_process(f"{package}.{server}", more, out)) for _ in range(count)
        ]
        for one in running:  # which have been starting side by side
            until(partial(_answers, one.port))
        yield Web(processes=running)


@contextmanager
def _process(
    module: str, more: dict[str, str], out: IO[bytes] | None = None
) -> Iterator[WebProcess]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        descriptor = listener.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(descriptor)],
            cwd=TREE,
            env={**environment_for("web"), **more},
            pass_fds=[descriptor],
            stderr=out,
        )
        running = WebProcess(port=listener.getsockname()[1], process=process)
        try:
            yield running
        finally:
            running.kill()


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


class Redis:
    """Debian's redis-server at a socket, with nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._at = folder / "redis.sock"
        self.url = f"unix://{self._at}"
        self.start()

    def start(self) -> None:
        """Start it, also again."""
        self._at.unlink(missing_ok=True)
        at = ["--port", "0", "--unixsocket", str(self._at)]
        self.process = subprocess.Popen(
            ["redis-server", *at, "--save", "", "--dir", str(self._folder)],
            stdout=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"]},
        )
        until(self._at.exists)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def redis_server() -> Iterator[Redis]:
    """One in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="schoolchat-redis-") as folder:
        running = Redis(Path(folder))
        try:
            yield running
        finally:
            running.kill()
