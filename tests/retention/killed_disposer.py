"""A disposer that dies where it has not died yet: `python -m tests.retention.killed_disposer`.

For each line that comes in, a child is forked that carries out what is approved, as the disposer's
role, and kills itself with SIGKILL at the first step of its modules at which none before it was
killed: a line, or the same line in its second repetition. Out comes where it died, or `done`.
"""

import os
import signal
import sys
from collections import Counter
from types import FrameType
from typing import Any, Final

import django

#: What a disposal runs through, from the first lock to the certificate.
STEPS: Final = (
    "retention/workers/destroying.py",
    "retention/journaling.py",
    "audit/journal/shipping.py",
    "audit/journal/places.py",
    "retention/workers/sealing_anew.py",
    "retention/workers/files.py",
    "retention/workers/certifying.py",
    "retention/certificates/gone.py",
    "retention/certificates/document.py",
    "retention/keyring_move.py",
    "audit/keyring.py",
    "messaging/search/rebuild.py",
)
_REPEATED: Final = 2

type Step = tuple[str, int, int]


class _Fate:
    """Ends the process at the first step that is not among the former ones."""

    def __init__(self, former: set[Step], out: int) -> None:
        self._former = former
        self._out = out
        self._seen: Counter[tuple[str, int]] = Counter()

    def enter(self, frame: FrameType, _event: str, _arg: object) -> Any:
        """Watch the lines of the modules that matter."""
        return self._step if frame.f_code.co_filename.endswith(STEPS) else None

    def _step(self, frame: FrameType, event: str, _arg: object) -> Any:
        if event == "line":
            place = (frame.f_code.co_filename, frame.f_lineno)
            self._seen[place] += 1
            step = (*place, self._seen[place])
            if step[2] <= _REPEATED and step not in self._former:
                os.write(self._out, f"{step[0]}\t{step[1]}\t{step[2]}".encode())
                os.kill(os.getpid(), signal.SIGKILL)
        return self._step


def _carry_out(former: set[Step], out: int) -> None:
    from django.db import connection

    from retention.workers.destroying import carry_out_approved

    with connection.cursor() as cursor:
        cursor.execute("SET ROLE schoolchat_disposer")
    sys.settrace(_Fate(former, out).enter)
    carry_out_approved()
    sys.settrace(None)
    os._exit(0)


def _die(former: set[Step]) -> str:
    """Fork one, wait for its end; where it died, or nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _carry_out(former, writing)
    os.close(writing)
    with os.fdopen(reading) as said:
        where = said.read()
    _, status = os.waitpid(child, 0)
    if not where and status:
        return f"failed with {status}"
    return where


def main() -> None:
    """Serve until the input ends."""
    django.setup()
    from retention.workers import destroying  # noqa: F401  (once, and not in each child)

    former: set[Step] = set()
    for _ in sys.stdin:
        where = _die(former)
        if where and not where.startswith("failed"):
            file, line, times = where.split("\t")
            former.add((file, int(line), int(times)))
        sys.stdout.write((where or "done") + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
