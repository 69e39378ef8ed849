"""The process that keeps the embedded server alive while anybody holds a lease on it.

`python -m schoolchat.database.keeper DATA` says one word on standard output: ready, taken (another
keeper is there), or error and why. Nothing of it is ours to hear afterwards.
"""

import os
import sys
import time
from pathlib import Path
from typing import Final

from schoolchat.database.embedded import EmbeddedPostgres
from schoolchat.database.errors import AlreadyServedError, SetUpError
from schoolchat.database.folders import FileLock
from schoolchat.database.place import find_place

STEP_SECONDS: Final = 0.1


def keep(data_dir: Path) -> int:
    """Run the server until the last lease is given back."""
    server = EmbeddedPostgres(data_dir)
    try:
        server.start()
    except AlreadyServedError:
        _say("taken")
        return 0
    except SetUpError as error:
        _say(f"error {error}")
        return 1
    _say("ready")
    _watch(server, FileLock(find_place(data_dir).state / "lease.lock"))
    return 0


def _watch(server: EmbeddedPostgres, lease: FileLock) -> None:
    while not lease.hold():
        if server.crashed():
            server.restart()
        time.sleep(STEP_SECONDS)
    # Whoever wants a lease now waits until we are gone, and then starts a keeper.
    server.stop()


def _say(word: str) -> None:
    """One line, and then nothing: the pipe's other end must not wait for us."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


if __name__ == "__main__":
    if os.fork():
        os._exit(0)  # whoever asked need not wait for us, and we are no child of theirs
    sys.exit(keep(Path(sys.argv[1])))
