"""How the children of `serve` end with it, however it ends.

They inherit the reading end of a pipe whose writing end only `serve` holds. When `serve` is gone,
killed or not, the kernel closes it, and each child ends in the same moment.
"""

import os
import signal
import threading
from typing import Final

VARIABLE: Final = "SCHOOLCHAT_PARENT_FD"


def has_parent() -> bool:
    """Whether `serve` started this process and looks after the database."""
    return VARIABLE in os.environ


def live_with_parent() -> None:
    """End when `serve` ends. Does nothing in a process that it did not start."""
    if has_parent():
        descriptor = int(os.environ[VARIABLE])
        threading.Thread(target=_wait, args=(descriptor,), daemon=True).start()


def _wait(descriptor: int) -> None:
    os.read(descriptor, 1)  # nothing is ever written: it returns at the end of the file
    os.kill(os.getpid(), signal.SIGKILL)
