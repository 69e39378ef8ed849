"""What a crafted picture could try in the process that decodes it. Started in its place by a test;
its input is JSON with the `file` to read and the `port` to reach, its answer what came of it.
"""

import json
import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from messaging.files import confinement, developing

LIMITS = ("AS", "CPU", "FSIZE", "CORE", "NOFILE")


def main() -> None:
    """Look around, step back, and try."""
    asked = json.loads(sys.stdin.buffer.read())
    told: dict[str, object] = {
        "descriptors": [fd for fd in range(64) if Path(f"/proc/self/fd/{fd}").exists()],
        "environment": sorted(os.environ.keys() - {"LC_CTYPE"}),  # Python sets it itself
        "folder": str(Path.cwd()),
        "leads_a_session": os.getsid(0) == os.getpid(),
    }
    confinement.take_little(developing.MEMORY_BYTES, developing.PROCESSOR_SECONDS)
    told["limits"] = [resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[1] for name in LIMITS]
    confinement.become_nobody()
    told["user"] = [*os.getresuid(), *os.getresgid(), *os.getgroups()]
    confinement.confine()
    threading.Thread(target=told.__setitem__, args=("thread", "ran")).start()
    for name, attempt in _attempts(asked["file"], asked["port"]).items():
        told[name] = _tried(attempt)
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")


def _attempts(file: str, port: int) -> dict[str, Callable[[], object]]:
    return {
        "fork": os.fork,
        "program": lambda: subprocess.run(["/bin/true"], check=True),
        "exec": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606
        "read": lambda: Path(file).read_bytes(),
        "read_by_root": lambda: Path("/etc/passwd").read_bytes(),
        "write": lambda: Path(file).with_name("beside").write_bytes(b"x"),
        "list": lambda: list(Path("/").iterdir()),
        "remove": lambda: Path(file).unlink(),
        "connect": lambda: socket.socket().connect(("127.0.0.1", port)),
        "socket_pair": socket.socketpair,
        "end_parent": lambda: os.kill(os.getppid(), 0),
        "more_memory": lambda: bytearray(2 * 1024**3),
    }


def _tried(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except (OSError, MemoryError) as refused:
        return type(refused).__name__
    return "done"


if __name__ == "__main__":
    main()
