"""The processes that `serve` starts, and starts again when they end."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from schoolchat.serving.lifeline import Lifeline

FIRST_PAUSE_SECONDS: Final = 0.2
LONGEST_PAUSE_SECONDS: Final = 10.0
STEADY_SECONDS: Final = 30.0  # alive for so long, it is well again
BACKGROUND: Final = 10  # the niceness of what runs when nobody is waiting for a page or a message
LAST: Final = 19  # of what keeps a server busy for minutes, and nobody is waiting for at all


@dataclass(kw_only=True)
class Child:
    """One process that is meant to be there always."""

    name: str
    command: Sequence[str]
    role: str
    hand_over: Sequence[int] = ()
    niceness: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _due: float = 0.0
    _pause: float = field(default=FIRST_PAUSE_SECONDS)

    def tend(self, line: Lifeline) -> None:
        """Start it when it is not there and its pause is over."""
        if self._process is not None and self._process.poll() is not None:
            self._note_end(self._process.returncode)
        if self._process is None and time.monotonic() >= self._due:
            self._process = line.start(self.command, role=self.role, hand_over=self.hand_over)
            os.setpriority(os.PRIO_PROCESS, self._process.pid, self.niceness)
            self._started = time.monotonic()

    def _note_end(self, status: int) -> None:
        """Pause twice as long each time, so that a child that cannot run costs little."""
        lasted = time.monotonic() - self._started
        self._pause = FIRST_PAUSE_SECONDS if lasted > STEADY_SECONDS else self._pause * 2
        self._pause = min(self._pause, LONGEST_PAUSE_SECONDS)
        self._due = time.monotonic() + self._pause
        self._process = None
        sys.stderr.write(f"{self.name} ended (status {status}); starting it again\n")

    def ask_to_end(self) -> None:
        """Ask politely."""
        if self._process is not None:
            self._process.terminate()

    def see_end(self, deadline: float) -> None:
        """Wait for its end, until `deadline` (monotonic seconds) at the latest."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
