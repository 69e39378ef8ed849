"""A program of ours in a process apart from everything: what it decodes may be crafted. Pure.

It has an empty environment, no descriptor but its three, and our tree after all other packages;
what it gives up besides, it gives up by itself before it reads the first byte (confinement.py).
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

#: Longer than any limit on its processor time, for a machine that has other things to do.
_PATIENCE_SECONDS: Final = 30
_TREE: Final = Path(__file__).resolve().parent.parent.parent
_START: Final = (
    "import runpy, sys; sys.path.append(sys.argv[1]); "
    "runpy.run_module(sys.argv[2], run_name='__main__')"
)


class GaveNoAnswer(Exception):
    """The program was ended by its limits, or by what it was given."""


def answer_of(module: str, data: bytes, *arguments: str) -> bytes:
    """What the module, run as a program, writes when it is given `data`. Blocks."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _START, str(_TREE), module, *arguments],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
            timeout=_PATIENCE_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise GaveNoAnswer from error
    return done.stdout
