"""The generated schools that are measured, in a data folder of their own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.live.machine import TREE

_OURS: Final = ("SCHOOLCHAT_", "DATABASE_URL", "REDIS_URL", "DJANGO_")


class Failed(Exception):
    """Something that the measurement needs did not start or did not answer."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """So many channels with so many members each; nobody is in two of them."""

    rooms: int
    members: int

    @property
    def people(self) -> int:
        """Everybody."""
        return self.rooms * self.members

    def __str__(self) -> str:
        return f"{self.rooms}x{self.members}"


@dataclass(frozen=True, kw_only=True)
class School:
    """A generated school: the file of its tokens, and its people's tokens by channel."""

    tokens: Path
    channels: dict[str, list[str]]

    def rooms(self, writers: int) -> list[dict[str, Any]]:
        """As the generator wants them: one socket a person, `writers` of each room write."""
        return [
            {"channel": channel, "tokens": tokens, "writers": writers}
            for channel, tokens in self.channels.items()
        ]

    def everybody(self, sockets: int) -> list[dict[str, Any]]:
        """One room in which nobody writes, with so many sockets of all people in turn."""
        people = [token for tokens in self.channels.values() for token in tokens]
        tokens = [people[number % len(people)] for number in range(sockets)]
        return [{"channel": "", "tokens": tokens, "writers": 0}]


@dataclass(frozen=True, kw_only=True)
class Folder:
    """Where the schools of one run lie."""

    path: Path
    messages: int

    @property
    def data(self) -> Path:
        """SchoolChat's data folder."""
        return self.path / "data"

    def log(self, server: str) -> Path:
        """What a server says; it begins anew with each start."""
        return self.path / f"{server}.log"

    def environment(self, **more: str) -> dict[str, str]:
        """Ours, without what would lead to another installation's data."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        return {**kept, "SCHOOLCHAT_DATA": str(self.data), "SCHOOLCHAT_RATES": "off", **more}

    def school(self, shape: Shape) -> School:
        """The school of that shape; it is generated when it is not there yet."""
        tokens = self.path / f"tokens-{shape}.jsonl"
        if not tokens.exists():
            self._generate(shape, tokens)
        channels: dict[str, list[str]] = {}
        for person in map(json.loads, tokens.read_text().splitlines()):
            for channel in person["channels"]:
                channels.setdefault(channel, []).append(person["token"])
        return School(tokens=tokens, channels=channels)

    def _generate(self, shape: Shape, tokens: Path) -> None:
        draft = tokens.with_suffix(".draft")
        self.manage(
            *("generate", "--messages", str(self.messages), "--months", "3"),
            *("--channels", str(shape.rooms), "--people", str(shape.people)),
            *("--members", str(shape.members), "--tokens", str(draft)),
        )
        draft.rename(tokens)

    def manage(self, *arguments: str) -> str:
        """One of the product's commands on this data folder; what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=TREE,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"{arguments[0]} failed: {last_line(done.stderr)}")
        return done.stdout


@contextmanager
def folder(path: Path | None, messages: int) -> Iterator[Folder]:
    """`path`, which is kept and used again, or a temporary folder."""
    if path is not None:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Failed(f"{path} cannot be the folder: {error.strerror}.") from error
        yield Folder(path=path.resolve(), messages=messages)
        return
    made = Path(tempfile.mkdtemp(prefix="schoolchat-benchmark-"))
    made.chmod(0o711)  # root's PostgreSQL runs as another user, and has to reach its own part
    try:
        yield Folder(path=made, messages=messages)
    finally:
        shutil.rmtree(made)


def last_line(text: str) -> str:
    """The last line in which something stands."""
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it left no word"
