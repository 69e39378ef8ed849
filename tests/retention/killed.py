"""A process that dies where it has not died yet, in the modules of some work.

For each line that comes in, a child is forked that does the work as a database role, and kills
itself with SIGKILL at the first step of its modules at which none before it was killed: a line, or
the same line in its second repetition. Out comes where it died, or `done`.
"""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from sys import monitoring
from types import CodeType
from typing import Final

_REPEATED: Final = 2
_TOOL: Final = monitoring.DEBUGGER_ID

type Step = tuple[str, int, int]


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is done, as whom, and the ends of the paths of the modules in which it may die."""

    work: Callable[[], object]
    role: str
    steps: tuple[str, ...]


class _Fate:
    """Ends the process at the first step that is not among the former ones."""

    def __init__(self, job: Job, former: set[Step], out: int) -> None:
        self._steps = job.steps
        self._former = former
        self._out = out
        self._seen: Counter[tuple[str, int]] = Counter()

    def watch(self) -> None:
        """Be told of the lines of the modules that matter; all other code runs as fast as ever."""
        monitoring.use_tool_id(_TOOL, "fate")
        monitoring.register_callback(_TOOL, monitoring.events.PY_START, self._enter)
        monitoring.register_callback(_TOOL, monitoring.events.LINE, self._step)
        monitoring.set_events(_TOOL, monitoring.events.PY_START)

    def _enter(self, code: CodeType, _offset: int) -> object:
        if code.co_filename.endswith(self._steps):
            monitoring.set_local_events(_TOOL, code, monitoring.events.LINE)
        return monitoring.DISABLE

    def _step(self, code: CodeType, line: int) -> None:
        place = (code.co_filename, line)
        self._seen[place] += 1
        step = (*place, self._seen[place])
        if step[2] <= _REPEATED and step not in self._former:
            os.write(self._out, f"{step[0]}\t{step[1]}\t{step[2]}".encode())
            os.kill(os.getpid(), signal.SIGKILL)


def _do(job: Job, former: set[Step], out: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE schoolchat_{job.role}")
    _Fate(job, former, out).watch()
    job.work()
    monitoring.set_events(_TOOL, 0)
    os._exit(0)


def _die(job: Job, former: set[Step]) -> str:
    """Fork one, wait for its end; where it died, or nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _do(job, former, writing)
    os.close(writing)
    with os.fdopen(reading) as said:
        where = said.read()
    _, status = os.waitpid(child, 0)
    if not where and status:
        return f"failed with {status}"
    return where


def serve(job: Job) -> None:
    """Until the input ends."""
    former: set[Step] = set()
    for _ in sys.stdin:
        where = _die(job, former)
        if where and not where.startswith("failed"):
            file, line, times = where.split("\t")
            former.add((file, int(line), int(times)))
        sys.stdout.write((where or "done") + "\n")
        sys.stdout.flush()
