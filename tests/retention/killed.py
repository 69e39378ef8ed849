"""A process that dies where it has not died yet, in the modules of some work.

For each line that comes in, a child is forked that does the work as a database role, and kills
itself with SIGKILL at the first step of its modules at which none before it was killed: a line, or
the same line in its second repetition, each in the main thread and beside it. Lines between which
nothing is done that outlives it are one step. Out comes where it died, or `done`.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, current_thread, main_thread
from types import CodeType
from typing import Any, Final

from tests.fate import Fate

_REPEATED: Final = 2
#: Said of a step in another thread than the main one.
BESIDE: Final = "beside"

type Step = tuple[str, int, int, str]


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is done, as whom, the ends of the paths of the modules in which it may die, and whether
    each line there is a step, whatever was done before it."""

    work: Callable[[], object]
    role: str
    steps: tuple[str, ...]
    each: bool = False


class _Fate(Fate):
    """Ends the process at the first step that is not among the former ones."""

    def __init__(self, job: Job, former: set[Step], out: int) -> None:
        super().__init__(lambda file: file.endswith(job.steps), each=job.each)
        self._former = former
        self._out = out
        self._dying = Lock()
        self._seen: Counter[tuple[str, int, str]] = Counter()

    def counts(self, code: CodeType, line: int) -> bool:
        place = _place(code, line)
        self._seen[place] += 1
        return self._seen[place] <= _REPEATED

    def is_due(self, code: CodeType, line: int) -> bool:
        place = _place(code, line)
        step = (*place[:2], self._seen[place], place[2])
        if step in self._former:
            return False
        self._dying.acquire()  # for good
        os.write(self._out, "\t".join(map(str, step)).encode())
        return True


def _place(code: CodeType, line: int) -> tuple[str, int, str]:
    return code.co_filename, line, "" if current_thread() is main_thread() else BESIDE


def _do(job: Job, former: set[Step], out: int) -> None:
    from django.db.backends.signals import connection_created

    def act(connection: Any, **_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE schoolchat_{job.role}")

    connection_created.connect(act)
    fate = _Fate(job, former, out)
    fate.watch()
    job.work()
    fate.rest()
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
