"""Where drills are made: a folder of their own among those for things that do not last.

It holds a database and a keyring, and goes with the drill. Where the drill is killed, whoever
drills, backs up or works next takes it away: a lock in it says whether anybody is still there.
Needs no database.
"""

import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schoolchat.database.address import record_of
from schoolchat.database.folders import FileLock
from schoolchat.database.place import ELSEWHERE, SHORT_NAMES

_NAMED: Final = "schoolchat-drill-"
#: Until it is locked it has a name that nobody sweeps.
_UNLOCKED: Final = "schoolchat-new-drill-"
_LOCK: Final = ".lock"


@dataclass(frozen=True, kw_only=True)
class DrillPlace:
    """An empty data folder, and the descriptor of its lock: whoever has it open is there."""

    folder: Path
    lock: int


@contextmanager
def drill_place() -> Iterator[DrillPlace]:
    """One that is gone again behind the block. PostgreSQL's user has to get into it."""
    sweep_drills()
    made = Path(tempfile.mkdtemp(prefix=_UNLOCKED)).resolve()
    lock = FileLock(made / _LOCK)
    lock.hold()
    folder = made.rename(made.with_name(made.name.replace(_UNLOCKED, _NAMED, 1)))
    folder.chmod(0o711)
    try:
        yield DrillPlace(folder=folder, lock=lock.fileno())
    finally:
        _remove(folder)
        lock.close()


def sweep_drills() -> None:
    """Take away what drills of ours that were killed have left."""
    for folder in Path(tempfile.gettempdir()).resolve().glob(f"{_NAMED}*"):
        with suppress(FileNotFoundError):  # somebody else who sweeps was quicker
            if _is_ours(folder):
                _sweep(folder)


def _sweep(folder: Path) -> None:
    """Without its lock it was being taken away by somebody: it goes, and is not locked anew."""
    try:
        lock = FileLock(folder / _LOCK, make=False)
    except FileNotFoundError:
        _remove(folder)
        return
    try:
        if lock.hold():
            _remove(folder)
    finally:
        lock.close()


def _is_ours(folder: Path) -> bool:
    """Anybody may make a folder of that name there, or a link."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _remove(folder: Path) -> None:
    """A server that is just ending may write there still: what is left goes with the next."""
    for one in (*_laid_elsewhere(folder), folder):
        shutil.rmtree(one, ignore_errors=True)


def _laid_elsewhere(folder: Path) -> list[Path]:
    """What its database has outside of it, where its user may not enter or names are too long."""
    try:
        laid = json.loads(record_of(folder).read_text())
    except (OSError, ValueError):
        return []
    if laid["data"] != str(folder):
        return []
    paths = [Path(laid["state"]), Path(laid["sockets"])]
    inside = [one.relative_to(ELSEWHERE) for one in paths if ELSEWHERE in one.parents]
    short = [one for one in paths if one.parent == SHORT_NAMES]
    return [*(ELSEWHERE / one.parts[0] for one in inside), *short]
