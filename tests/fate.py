"""Ending a process by SIGKILL at a line of its own code, and telling which lines are another death.

What of a process outlives it is what it has sent to the database, and done to a disk. Two lines
between which it does neither are one and the same death, and it is tried at the first of them.
"""

import os
import signal
import sys
from collections.abc import Callable
from sys import monitoring
from types import CodeType
from typing import Final

_TOOL: Final = monitoring.DEBUGGER_ID
#: Through it goes all that psycopg sends.
_ASKING: Final = ("psycopg/connection.py", "wait")
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_DOING: Final = ("os.", "shutil.", "subprocess.", "socket.")


class Fate:
    """Looks on from when it is made, in a process that is to be killed.

    `dies_in` says of a file whether one may die in it; `counts`, of a line that is come to there,
    whether it matters at all; `is_due`, of one that does and is a death of its own, whether the
    process ends there. With `each` every line is a death of its own, as it is where something goes
    on beside it.
    """

    def __init__(self, dies_in: Callable[[str], bool], *, each: bool = False) -> None:
        self._dies_in = dies_in
        self._each = each
        self._deeds = 0
        self._written = os.open("/proc/self/io", os.O_RDONLY)
        self._last: tuple[int, bytes] | None = None

    def counts(self, code: CodeType, line: int) -> bool:
        """Called for each line, in any thread."""
        raise NotImplementedError

    def is_due(self, code: CodeType, line: int) -> bool:
        """Called for each line that counts and comes after a deed."""
        raise NotImplementedError

    def watch(self) -> None:
        """Be told of the lines of the modules that matter; all other code runs as fast as ever."""
        sys.addaudithook(self._hear)
        monitoring.use_tool_id(_TOOL, "fate")
        monitoring.register_callback(_TOOL, monitoring.events.PY_START, self._enter)
        monitoring.register_callback(_TOOL, monitoring.events.LINE, self._step)
        monitoring.set_events(_TOOL, monitoring.events.PY_START)

    def rest(self) -> None:
        """The work is done."""
        monitoring.set_events(_TOOL, 0)

    def _enter(self, code: CodeType, _offset: int) -> object:
        file, name = _ASKING
        if code.co_name == name and code.co_filename.endswith(file):
            self._deeds += 1
            return None
        if self._dies_in(code.co_filename):
            monitoring.set_local_events(_TOOL, code, monitoring.events.LINE)
        return monitoring.DISABLE

    def _hear(self, event: str, given: tuple[object, ...]) -> None:
        opened = event == "open" and isinstance(given[2], int) and given[2] & _WRITING
        if opened or event.startswith(_DOING):
            self._deeds += 1

    def _step(self, code: CodeType, line: int) -> None:
        if not self.counts(code, line):
            return
        so_far = self._deeds, os.pread(self._written, 400, 0).partition(b"syscw:")[2].split()[0]
        if so_far == self._last and not self._each:
            return
        self._last = so_far
        if self.is_due(code, line):
            os.kill(os.getpid(), signal.SIGKILL)
