"""A product with an invented school in it, to take pictures of."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

TREE: Final = Path(__file__).resolve().parent.parent.parent
SCHOOL: Final = "hazel-lane.example"


@contextmanager
def demonstration() -> Iterator[tuple[str, str]]:
    """A product that was just filled: its address and the password of all."""
    with socket.create_server(("127.0.0.1", 0)) as free:  # said at the start, its sheets name it
        port = free.getsockname()[1]
    data = tempfile.mkdtemp(prefix="schoolchat-pictures-")
    served = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--demo", "--port", str(port)],
        cwd=TREE,
        env={**os.environ, "SCHOOLCHAT_DATA": data},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _told(served)
    finally:
        served.terminate()
        served.wait()
        shutil.rmtree(data)


def _told(served: subprocess.Popen[str]) -> tuple[str, str]:
    password = ""
    for line in served.stdout or ():
        if found := re.match(r"demo password: (\S+)", line):
            password = found[1]
        if found := re.match(r"ready (\S+)", line):
            return found[1].rstrip("/"), password
    raise SystemExit("The demonstration did not start.")
