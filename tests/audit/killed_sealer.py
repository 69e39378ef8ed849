"""A sealer that dies at a given line: `python -m tests.audit.killed_sealer`, a number a line in.

Each number forks a sealer, which seals and signs once as the sealer's role and kills itself with
SIGKILL when it comes to its so-manieth line, repetitions not counted, inside the modules that seal
and sign. Out comes `killed` or `done`.
"""

import os
import signal
import sys
from collections.abc import Callable
from sys import monitoring
from types import CodeType
from typing import Final

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
_TOOL: Final = monitoring.DEBUGGER_ID


class _Fate:
    """Counts the lines that it comes to for the first time, and ends the process at one of them."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._seen: set[tuple[str, int]] = set()

    def watch(self) -> None:
        """Be told of the lines of the modules that matter; all other code runs as fast as ever."""
        monitoring.use_tool_id(_TOOL, "fate")
        monitoring.register_callback(_TOOL, monitoring.events.PY_START, self._enter)
        monitoring.register_callback(_TOOL, monitoring.events.LINE, self._step)
        monitoring.set_events(_TOOL, monitoring.events.PY_START)

    def _enter(self, code: CodeType, _offset: int) -> object:
        file = code.co_filename
        if file.endswith(STEPS) and os.sep + "audit" + os.sep in file:
            monitoring.set_local_events(_TOOL, code, monitoring.events.LINE)
        return monitoring.DISABLE

    def _step(self, code: CodeType, line: int) -> None:
        self._seen.add((code.co_filename, line))
        if len(self._seen) == self._line:
            os.kill(os.getpid(), signal.SIGKILL)


def _seal(line: int, sign: Callable[[], object]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET ROLE schoolchat_sealer")
    _Fate(line).watch()
    sign()
    monitoring.set_events(_TOOL, 0)
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
