"""A sealer that dies at a given line: `python -m tests.audit.killed_sealer`, a number a line in.

Each number forks a sealer, which seals and signs once as the sealer's role and kills itself with
SIGKILL when it comes to its so-manieth line, repetitions not counted, nor lines before which it has
done nothing that outlives it, inside the modules that seal and sign. Out comes `killed` or `done`.
"""

import os
import sys
from collections.abc import Callable
from types import CodeType
from typing import Final

import django

from tests.fate import Fate

#: What a sealer runs through, from the first look at the queue to the signed head.
STEPS: Final = (
    "sealing.py",
    "tiles.py",
    "signing.py",
    "signed_head.py",
    "keyring.py",
    "origins.py",
)


class _Fate(Fate):
    """Counts the lines that it comes to for the first time, and ends the process at one of them."""

    def __init__(self, line: int) -> None:
        super().__init__(_matters)
        self._left = line
        self._seen: set[tuple[str, int]] = set()

    def counts(self, code: CodeType, line: int) -> bool:
        before = len(self._seen)
        self._seen.add((code.co_filename, line))
        return len(self._seen) > before

    def is_due(self, code: CodeType, line: int) -> bool:
        self._left -= 1
        return not self._left


def _matters(file: str) -> bool:
    return file.endswith(STEPS) and os.sep + "audit" + os.sep in file


def _seal(line: int, sign: Callable[[], object]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET ROLE schoolchat_sealer")
    fate = _Fate(line)
    fate.watch()
    sign()
    fate.rest()
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
