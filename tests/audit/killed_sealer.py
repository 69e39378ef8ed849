"""A sealer that dies at a given line: `python -m tests.audit.killed_sealer`, a number a line in.

Each number forks a sealer, which seals and signs once as the sealer's role and kills itself with
SIGKILL when it comes to its so-manieth line, repetitions not counted, inside the modules that seal
and sign. Out comes `killed` or `done`.
"""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

import django

#: What a sealer runs through, from the first look at the queue to the signed head.
STEPS: Final = (
    "sealing.py",
    "tiles.py",
    "signing.py",
    "signed_head.py",
    "keyring.py",
    "origins.py",
)


class _Fate:
    """Counts the lines that it comes to for the first time, and ends the process at one of them."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._seen: set[tuple[str, int]] = set()

    def enter(self, frame: FrameType, _event: str, _arg: object) -> Any:
        """Watch the lines of the modules that matter."""
        file = frame.f_code.co_filename
        return self._step if file.endswith(STEPS) and os.sep + "audit" + os.sep in file else None

    def _step(self, frame: FrameType, event: str, _arg: object) -> Any:
        if event == "line":
            self._seen.add((frame.f_code.co_filename, frame.f_lineno))
            if len(self._seen) == self._line:
                os.kill(os.getpid(), signal.SIGKILL)
        return self._step


def _seal(line: int, sign: Callable[[], object]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET ROLE schoolchat_sealer")
    sys.settrace(_Fate(line).enter)
    sign()
    sys.settrace(None)
    os._exit(0)


def main() -> None:
    """Serve until the input ends."""
    django.setup()
    from audit.signing import sign_checkpoint  # once, and not in each child

    for given in sys.stdin:
        child = os.fork()
        if not child:
            _seal(int(given), sign_checkpoint)
        _, status = os.waitpid(child, 0)
        sys.stdout.write("killed\n" if os.WIFSIGNALED(status) else "done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
