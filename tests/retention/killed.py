"""A process that dies where it has not died yet, in the modules of some work.

For each line that comes in, a child is forked that does the work as a database role, and kills
itself with SIGKILL at the first step of its modules at which none before it was killed: a line, or
the same line in its second repetition, each in the main thread and beside it. Out comes where it
died, or `done`.
"""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from sys import monitoring
from threading import Lock, current_thread, main_thread
from types import CodeType
from typing import Any, Final

_REPEATED: Final = 2
#: Said of a step in another thread than the main one.
BESIDE: Final = "beside"
_TOOL: Final = monitoring.DEBUGGER_ID

type Step = tuple[str, int, int, str]


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
        self._dying = Lock()
        self._seen: Counter[tuple[str, int, str]] = Counter()

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
        where = "" if current_thread() is main_thread() else BESIDE
        place = (code.co_filename, line, where)
        self._seen[place] += 1
        times = self._seen[place]
        step = (code.co_filename, line, times, where)
        if times <= _REPEATED and step not in self._former:
            self._dying.acquire()  # for good
            os.write(self._out, "\t".join(map(str, step)).encode())
            os.kill(os.getpid(), signal.SIGKILL)


def _do(job: Job, former: set[Step], out: int) -> None:
    from django.db.backends.signals import connection_created

    def act(connection: Any, **_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE schoolchat_{job.role}")

    connection_created.connect(act)
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
            file, line, times, beside = where.split("\t")
            former.add((file, int(line), int(times), beside))
        sys.stdout.write((where or "done") + "\n")
        sys.stdout.flush()
