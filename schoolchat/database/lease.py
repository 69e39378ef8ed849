"""One embedded server for whoever needs it: `serve`, and commands beside it or without it.

Everybody who uses the database holds a lease, a shared lock on a file. The first starts a keeper,
a small process that runs the server while anybody holds a lease and stops it after the last. The
kernel gives a lease back when its holder is killed, so no server is ever left behind, and a
command that ends does not take the database away from another.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from schoolchat.database.embedded import EmbeddedPostgres
from schoolchat.database.errors import SetUpError
from schoolchat.database.folders import FileLock
from schoolchat.database.place import find_place

PATIENCE_SECONDS: Final = 600.0
STOP_SECONDS: Final = 10.0
PAUSE_SECONDS: Final = 0.2
TREE: Final = Path(__file__).resolve().parent.parent.parent


class Lease:
    """The right to find the server of a data folder running. Taken when made."""

    def __init__(self, data_dir: Path) -> None:
        self.server = EmbeddedPostgres(data_dir)
        self._state = find_place(data_dir).state
        self._lock = FileLock(self._state / "lease.lock")
        self._lock.share()

    def ensure(self) -> None:
        """Return when the server answers; start a keeper if there is none."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.server.running():
            if time.monotonic() > deadline:
                raise SetUpError("The database does not answer; see postgres.log beside it.")
            self._start_keeper()

    def release(self) -> None:
        """Give it back; after the last one, wait until the server has stopped."""
        last = self._lock.hold()
        self._lock.close()
        if last:
            self._wait_for_the_end()

    def _start_keeper(self) -> None:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "schoolchat.database.keeper", str(self.server.data_dir)],
            cwd=TREE,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl-C is meant for the commands, not for their database
        )
        with keeper, cast("IO[str]", keeper.stdout) as told:
            word, _, rest = told.readline().strip().partition(" ")
        if word == "taken":
            time.sleep(PAUSE_SECONDS)  # another keeper is starting it
        elif word != "ready":
            raise SetUpError(rest or "The database's keeper ended at once.")

    def _wait_for_the_end(self) -> None:
        lock = FileLock(self._state / "server.lock")
        deadline = time.monotonic() + STOP_SECONDS
        while not lock.hold() and time.monotonic() < deadline:
            time.sleep(0.02)
        lock.close()


@contextmanager
def leased(data_dir: Path) -> Iterator[Lease]:
    """The server of `data_dir` runs inside this block, whoever else uses it."""
    lease = Lease(data_dir)
    try:
        lease.ensure()
        yield lease
    finally:
        lease.release()
