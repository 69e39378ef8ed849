"""Calling a process of `tests.retention.killed` from a test."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

from tests.faults.proxy import database_url


@contextmanager
def dying(module: str, *arguments: str) -> Iterator[Callable[[], str]]:
    """What does its work on the test's database and dies where it has not died before; each call
    returns where, or `done`."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "SCHOOLCHAT_DB_ROLE": "owner",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        into, out = process.stdin, process.stdout

        def work() -> str:
            into.write("\n")
            into.flush()
            return out.readline().rstrip("\n")

        yield work
        into.close()
