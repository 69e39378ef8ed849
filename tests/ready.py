"""Data folders in which the database has its roles and tables already, and nothing else.

The first that is asked for is made by the product's own command; the others are copies of it, each
of which saves a dozen seconds of a core. Whoever shows how a folder comes about makes one anew.
Where tests run in several processes, their own database is a copy, too.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schoolchat.database.folders import FileLock
from tests.faults.product import manage

#: Where all processes of a run find the first: a folder that tests/cluster.py makes and removes, or
#: that of `./run test`, for both of its runs.
SHARED = "SCHOOLCHAT_TESTS_SHARED"


@contextmanager
def ready_folder() -> Iterator[Path]:
    """A folder with a `data` in it, to be served or filled."""
    parent = Path(tempfile.mkdtemp(prefix="schoolchat-ready-"))
    parent.chmod(0o711)  # PostgreSQL, as another user, has to reach its folder in there
    try:
        copy_ready(parent / "data")
        yield parent
    finally:
        shutil.rmtree(parent)


def copy_ready(data: Path) -> None:
    """Make a data folder, or fill one that has nothing in it."""
    data.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", f"{_first()}/.", str(data)], check=True)


def _first() -> Path:
    shared = Path(os.environ[SHARED])
    lock = FileLock(shared / "ready.lock")
    lock.wait()
    try:
        if not (shared / "ready").exists():
            _make(shared / "ready.draft")
            (shared / "ready.draft").rename(shared / "ready")
    finally:
        lock.close()
    return shared / "ready"


def _make(data: Path) -> None:
    """By any command that looks into the database."""
    shutil.rmtree(data, ignore_errors=True)  # what one left that was killed
    made = manage(data, "clearsessions")
    assert made.returncode == 0, made.stderr
