"""The servers that are measured: each is started alone, with the same PostgreSQL beside it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from benchmarks.live.against.ejabberd import ejabberd_command
from benchmarks.live.against.synapse import People, synapse_command
from benchmarks.live.generator.processes import Group, command_line, descendants, parent_of
from benchmarks.live.machine import TREE, free_port, redis_server
from benchmarks.live.school import Failed, Folder, School, last_line
from schoolchat.database.embedded import EmbeddedPostgres
from schoolchat.database.place import find_place

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0
_WEB: Final = "schoolchat.serving."
_REDIS: Final = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no")


@dataclass(frozen=True, kw_only=True)
class Redis:
    """A Redis of our own."""

    url: str
    pid: int


@dataclass(frozen=True, kw_only=True)
class Running:
    """A server that answers: where, its web processes, and whose CPU time is counted."""

    name: str
    url: str
    web: tuple[int, ...]
    groups: dict[str, Group]
    rooms: list[dict[str, Any]] | None = None  # where its people are not the generated ones

    def __str__(self) -> str:
        """The numbers of the processes, so that a profiler can be attached."""
        parts = (f"{name} {' '.join(map(str, g['trees']))}" for name, g in self.groups.items())
        return f"{self.name}: {', '.join(parts)}"


@contextmanager
def redis(folder: Folder) -> Iterator[Redis | None]:
    """A Redis for the length of the block; None where it is not installed."""
    program = redis_server()
    if program is None:
        yield None
        return
    port = free_port()
    command = [program, "--port", str(port), "--dir", str(folder.path), *_REDIS]
    with _process(folder.log("redis-server"), command, dict(os.environ)) as started:
        _wait_until_it_listens(folder, started, port, "redis-server")
        yield Redis(url=f"redis://127.0.0.1:{port}/0", pid=started.pid)


@contextmanager
def serving(
    folder: Folder, *arguments: str, **more: str
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`manage.py serve`, ready, without rate limits: its process and its port."""
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port), *arguments]
    log = folder.log("serve")
    with _process(log, command, folder.environment(**more), talks=True) as serve:
        if serve.stdout is None or not serve.stdout.readline().startswith("ready "):
            raise Failed(f"serve did not get ready: {last_line(log.read_text())}")
        yield serve, port


@contextmanager
def schoolchat(
    folder: Folder, *, workers: int = 1, redis: Redis | None = None
) -> Iterator[Running]:
    """The product, with sealing, versions, tokens and log."""
    more = {"REDIS_URL": redis.url} if redis else {}
    with serving(folder, "--workers", str(workers), **more) as (serve, port):
        web, rest = _divided(serve.pid)
        pg = _postmaster(folder)
        groups = {**_groups(folder, web, redis), "jobs": Group(trees=rest, alone=[serve.pid])}
        groups["jobs"]["alone"].append(parent_of(pg))  # the keeper
        url = f"ws://127.0.0.1:{port}/ws/"
        yield Running(name="schoolchat", url=url, web=tuple(web), groups=groups)


def _divided(serve: int) -> tuple[list[int], list[int]]:
    """The web processes, and the others that `serve` looks after."""
    children = [pid for pid in descendants(serve) if parent_of(pid) == serve]
    web = [pid for pid in children if _WEB in command_line(pid)]
    return web, [pid for pid in children if pid not in web]


@contextmanager
def bare(folder: Folder, school: School, *, joined: bool = False) -> Iterator[Running]:
    """The bare limit; see against/bare.py."""
    name, how = ("joined", "joined") if joined else ("bare", "frames")
    with _against(folder, school, "bare", {}, how) as (url, pid):
        yield Running(name=name, url=url, web=(pid,), groups=_groups(folder, [pid], None))


@contextmanager
def usual(folder: Folder, school: School, redis: Redis) -> Iterator[Running]:
    """Channels' usual pattern; see against/usual/."""
    with _against(folder, school, "usual", {"REDIS_URL": redis.url}) as (url, pid):
        yield Running(name="usual", url=url, web=(pid,), groups=_groups(folder, [pid], redis))


@contextmanager
def ejabberd(folder: Folder) -> Iterator[Running]:
    """Its people are anonymous, and its rooms named like the channels."""
    port = free_port()
    command, environment = ejabberd_command(folder, port)
    with _process(folder.log("ejabberd"), command, environment) as started:
        _wait_until_it_listens(folder, started, port, "ejabberd")
        groups = {"web": Group(trees=[started.pid], alone=[])}
        url = f"xmpp://127.0.0.1:{port}/"
        yield Running(name="ejabberd", url=url, web=(started.pid,), groups=groups)


@contextmanager
def synapse(folder: Folder, school: School, python: Path, writers: int) -> Iterator[Running]:
    """As many rooms and people as the school has."""
    port = free_port()
    conninfo = plain_database(folder, "benchmark_synapse")
    command = synapse_command(python, folder, conninfo, port)
    with _process(folder.log("synapse"), command, dict(os.environ)) as started:
        people = People(port)
        people.wait()
        rooms = people.rooms([len(tokens) for tokens in school.channels.values()], writers)
        groups = _groups(folder, [started.pid], None)
        url, web = f"matrix://127.0.0.1:{port}/", (started.pid,)
        yield Running(name="synapse", url=url, web=web, groups=groups, rooms=rooms)


def _groups(folder: Folder, web: list[int], redis: Redis | None) -> dict[str, Group]:
    groups = {
        "web": Group(trees=web, alone=[]),
        "postgres": Group(trees=[_postmaster(folder)], alone=[]),
    }
    return {**groups, "redis": Group(trees=[redis.pid], alone=[])} if redis else groups


def _postmaster(folder: Folder) -> int:
    """The process whose children do PostgreSQL's work."""
    return int((find_place(folder.data).data / "postmaster.pid").read_text().split()[0])


@contextmanager
def _against(
    folder: Folder, school: School, name: str, more: dict[str, str], *arguments: str
) -> Iterator[tuple[str, int]]:
    conninfo = plain_database(folder, f"benchmark_{name}")
    port = free_port()
    environment = {
        **folder.environment(**more),
        "BENCHMARK_DATABASE": conninfo,
        "BENCHMARK_TOKENS": str(school.tokens),
    }
    module = f"benchmarks.live.against.{name}"
    command = [sys.executable, "-m", module, str(port), *arguments]
    with _process(folder.log(name), command, environment) as started:
        _wait_until_it_listens(folder, started, port, name)
        yield f"ws://127.0.0.1:{port}/ws/", started.pid


def plain_database(folder: Folder, name: str) -> str:
    """Another database, empty, beside SchoolChat's on the same server; how to connect to it."""
    superuser = EmbeddedPostgres(folder.data).superuser_conninfo()
    with psycopg.connect(superuser, autocommit=True) as connection:
        each = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(each))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(each))
    return make_conninfo(superuser, dbname=name)


def _wait_until_it_listens(
    folder: Folder, process: subprocess.Popen[str], port: int, name: str
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise Failed(f"The server '{name}' did not start: {last_line(folder.log(name).read_text())}")


@contextmanager
def _process(
    log: Path, command: Sequence[str], environment: dict[str, str], *, talks: bool = False
) -> Iterator[subprocess.Popen[str]]:
    """A process for the length of the block. What it prints is logged, or `talks` to us."""
    with log.open("w") as out:
        process = subprocess.Popen(
            command,
            cwd=TREE,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if talks else out,
            stderr=out,
            text=True,
        )
    with process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
