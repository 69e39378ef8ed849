"""How the children of `serve`, or of a drill, end with it, however it ends.

They inherit the reading end of a pipe whose writing end only their parent holds. When that is gone,
killed or not, the kernel closes it, and each child ends in the same moment: those of `serve` at
once, the one of a drill so that it stops the database that it has started.
"""

import os
import signal
import threading
from typing import Final

VARIABLE: Final = "SCHOOLCHAT_PARENT_FD"
OF_A_DRILL: Final = "SCHOOLCHAT_DRILL_FD"


def has_parent() -> bool:
    """Whether `serve` started this process and looks after the database."""
    return VARIABLE in os.environ


def live_with_parent() -> None:
    """End when `serve` or a drill ends. Does nothing in a process that neither has started."""
    if has_parent():
        _end_with(int(os.environ[VARIABLE]), signal.SIGKILL)
    if drilled := os.environ.pop(OF_A_DRILL, None):  # our own children do not have it open
        _end_with(int(drilled), signal.SIGTERM)


def _end_with(descriptor: int, by: signal.Signals) -> None:
    threading.Thread(target=_wait, args=(descriptor, by), daemon=True).start()


def _wait(descriptor: int, by: signal.Signals) -> None:
    os.read(descriptor, 1)  # nothing is ever written: it returns at the end of the file
    os.kill(os.getpid(), by)
