"""The product as it is run: `manage.py serve` on a data folder of its own, killed and revived."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schoolchat.database.place import find_place
from schoolchat.serving.lifeline import TREE

CLEARED = ("DATABASE_URL", "REDIS_URL", "SCHOOLCHAT_DB_ROLE", "SCHOOLCHAT_SECRET_KEY")
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Person:
    """A line of `generate --tokens`."""

    email: str
    id: str
    token: str
    channels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Generated:
    """A data folder with a small made-up school in it, which is not being served."""

    folder: Path
    people: tuple[Person, ...]
    password: str


@dataclass(frozen=True, kw_only=True)
class Running:
    """`serve`, ready."""

    folder: Path
    process: subprocess.Popen[str]
    url: str

    @property
    def websocket(self) -> str:
        return f"{self.url.replace('http', 'ws')}ws/"

    def kill(self) -> None:
        """SIGKILL for all of it at once: product, keeper and PostgreSQL."""
        for pid in family(self.folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        until(lambda: not family(self.folder))


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in CLEARED}
    return {**kept, "SCHOOLCHAT_DATA": str(folder), **more}


def manage(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command on a data folder, to its end."""
    return subprocess.run(
        [sys.executable, str(TREE / "manage.py"), *arguments],
        env=environment(folder, **more),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def generate(parent: Path) -> Generated:
    """Fifty people, all of them in three channels, by the product's own command."""
    folder, tokens = parent / "data", parent / "tokens.jsonl"
    shape = ["--messages", "40", "--people", "50", "--channels", "3", "--members", "50"]
    made = manage(folder, "generate", *shape, "--months", "1", "--tokens", str(tokens))
    assert made.returncode == 0, made.stderr
    password = made.stdout.split("password: ")[1].split()[0]
    return Generated(folder=folder, people=_people(tokens), password=password)


def _people(tokens: Path) -> tuple[Person, ...]:
    lines: list[dict[str, Any]] = [json.loads(line) for line in tokens.read_text().splitlines()]
    people = (Person(**{**line, "channels": tuple(line["channels"])}) for line in lines)
    return tuple(person for person in people if person.channels)


@contextmanager
def copy_of(folder: Path) -> Iterator[Path]:
    """The same school in a folder of its own, ownership and all."""
    parent = Path(tempfile.mkdtemp(prefix="schoolchat-faults-"))
    parent.chmod(0o711)
    try:
        subprocess.run(["cp", "-a", str(folder), str(parent / "data")], check=True)
        yield parent / "data"
    finally:
        shutil.rmtree(parent)


@contextmanager
def served(folder: Path, *arguments: str, **more: str) -> Iterator[Running]:
    """`serve` on the folder, ready; nothing of it is left at the end."""
    with subprocess.Popen(
        [sys.executable, str(TREE / "manage.py"), "serve", "--port", "0", *arguments],
        env=environment(folder, SCHOOLCHAT_RATES="off", **more),
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("ready "), line
            yield Running(folder=folder, process=process, url=line.removeprefix("ready ").strip())
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()


def family(folder: Path) -> list[int]:
    """The processes that serve this folder: it stands in their arguments or environment."""
    name = os.fsencode(folder)
    return [pid for pid in _pids() if pid != os.getpid() and name in said_of(pid)]


def keeper(folder: Path) -> int:
    """The process that starts PostgreSQL again when it ends."""
    status = Path(f"/proc/{postmaster(folder)}/status").read_text()
    return int(status.split("PPid:")[1].split()[0])


def postmaster(folder: Path) -> int:
    return int((find_place(folder).data / "postmaster.pid").read_text().split()[0])


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def said_of(pid: int) -> bytes:
    """Arguments and environment of a process; nothing of one that has ended."""
    try:
        here = Path(f"/proc/{pid}")
        if (here / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return b""
        return (here / "cmdline").read_bytes() + (here / "environ").read_bytes()
    except OSError:
        return b""


def until(condition: Callable[[], bool], *, within: float = PATIENCE_SECONDS) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)
