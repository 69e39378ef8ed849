"""How a child is started: with one role's password, and so that it ends when we do."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from schoolchat.serving.parent import VARIABLE

TREE: Final = Path(__file__).resolve().parent.parent.parent
PASSWORDS: Final = "SCHOOLCHAT_DB_PASSWORD_"
STANDARD_ERROR: Final = 2


class Lifeline:
    """The pipe by which children notice our end; see parent.py."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()

    def start(
        self,
        command: Sequence[str],
        *,
        role: str | None,
        hand_over: Sequence[int] = (),
        out: int = STANDARD_ERROR,
    ) -> subprocess.Popen[bytes]:
        """Start Python in the tree with `command`, as `role`; `hand_over` stays open in it.

        What it prints goes to `out`: standard output is for what programs read.
        """
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=TREE,
            env={**environment_for(role), VARIABLE: str(self._reading)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            pass_fds=(self._reading, *hand_over),
        )

    @property
    def reading(self) -> int:
        """The descriptor that a child inherits."""
        return self._reading

    def cut(self) -> None:
        """Let every child that is still there end at once."""
        os.close(self._writing)
        os.close(self._reading)


@contextmanager
def lifeline() -> Iterator[Lifeline]:
    """Children started on it do not outlive this block."""
    line = Lifeline()
    try:
        yield line
    finally:
        line.cut()


def environment_for(role: str | None) -> dict[str, str]:
    """Our environment, with the password of one database role, or none, instead of all."""
    kept = f"{PASSWORDS}{(role or '').upper()}"
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(PASSWORDS) or name in {kept, f"{kept}_FILE"}
    }
    if role:
        environment["SCHOOLCHAT_DB_ROLE"] = role
    return environment
