"""A Redis that is watched: master, replica, and a sentinel that lets the one take over from the
other."""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.faults.product import until

MASTER = "school"
PASSWORD = "of-the-servers"
SENTINEL_PASSWORD = "of-the-sentinels"
DOWN_AFTER_MILLISECONDS = 300
_SERVER = {"save": '""', "repl-diskless-sync-delay": "0", "repl-ping-replica-period": "1"}


@dataclass(frozen=True, kw_only=True)
class Watched:
    """The settings that lead to it, and the process of the first master."""

    environment: dict[str, str]
    master: subprocess.Popen[bytes]

    def kill_master(self) -> None:
        self.master.kill()
        self.master.wait()


@contextmanager
def watched_redis() -> Iterator[Watched]:
    """All three answer, and the sentinel knows of the replica."""
    with tempfile.TemporaryDirectory(prefix="schoolchat-sentinel-") as folder, ExitStack() as stack:
        first, second, sentinel = _free_ports(3)
        server = {**_SERVER, "requirepass": PASSWORD, "masterauth": PASSWORD}
        master = stack.enter_context(_started(Path(folder), first, server))
        follow = {**server, "replicaof": f"127.0.0.1 {first}"}
        stack.enter_context(_started(Path(folder), second, follow))
        # The sentinel asks for replicas at its start, and then only every ten seconds.
        with redis.Redis(port=first, password=PASSWORD) as asked:
            until(lambda: _has_replica(asked))
        stack.enter_context(_started(Path(folder), sentinel, _watching(first), "--sentinel"))
        with redis.Redis(port=sentinel, password=SENTINEL_PASSWORD) as asked:
            until(lambda: _knows_replica(asked))
        yield Watched(
            environment={
                "REDIS_SENTINELS": f"127.0.0.1:{sentinel}",
                "REDIS_MASTER": MASTER,
                "REDIS_PASSWORD": PASSWORD,
                "REDIS_SENTINEL_PASSWORD": SENTINEL_PASSWORD,
            },
            master=master,
        )


def _watching(port: int) -> dict[str, str]:
    return {
        "requirepass": SENTINEL_PASSWORD,
        "sentinel monitor": f"{MASTER} 127.0.0.1 {port} 1",
        "sentinel down-after-milliseconds": f"{MASTER} {DOWN_AFTER_MILLISECONDS}",
        "sentinel failover-timeout": f"{MASTER} 3000",
        "sentinel auth-pass": f"{MASTER} {PASSWORD}",
    }


@contextmanager
def _started(
    folder: Path, port: int, settings: dict[str, str], *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    file = folder / f"{port}.conf"
    lines = {"port": str(port), "bind": "127.0.0.1", "dir": str(folder), **settings}
    file.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
    process = subprocess.Popen(
        ["redis-server", str(file), *arguments],
        stdout=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"]},
    )
    try:
        until(lambda: _answers(port))
        yield process
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _has_replica(master: "redis.Redis") -> bool:
    return bool(master.info("replication").get("slave0", {}).get("state") == "online")


def _knows_replica(sentinel: "redis.Redis") -> bool:
    replicas = sentinel.sentinel_slaves(MASTER)
    return any(one["master-link-status"] == "ok" for one in replicas)


def _free_ports(count: int) -> list[int]:
    """Below those that outgoing connections take by themselves."""
    found: list[int] = []
    for port in range(21_000 + os.getpid() % 5_000, 32_000):
        if len(found) == count:
            break
        if not _answers(port):
            found.append(port)
    return found
