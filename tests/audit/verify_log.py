"""docs/verify_log.py, run and loaded, for the tests that put it to work."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.audit.sealed_log import sealed_log

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_log.py"
IN_ORDER, NOT_IN_ORDER, NOT_CHECKED = 0, 1, 2
LOG = sealed_log(300)
NOTE = LOG.note(300)

Verdict = tuple[int, str]
Keep = Callable[[str | bytes], Path]


def run(*arguments: object, path: str = os.environ["PATH"]) -> Verdict:
    """Exit status and output, by a Python that has its standard library and nothing else."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "utf8", SCRIPT, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={"PATH": path},
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def in_process(script: ModuleType, *arguments: object) -> Verdict:
    """The same without a process of its own, though openssl has one."""
    written = bytearray()

    class Output:
        encoding = "utf-8"
        buffer = type("Buffer", (), {"write": staticmethod(written.extend)})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["verify_log.py", *map(str, arguments)])
        patch.setattr(sys, "stdout", Output)
        status = script.main()
    return status, written.decode()
