"""Where each process of a machine keeps its counters, so that any of them answers for all.

prometheus_client keeps counters in files of a shared folder, named by process id. A process that is
killed leaves its files behind: its gauges would stand for ever, and the files pile up. Here each
process takes the lowest free number instead, by a lock that the kernel lets go of however the
process ends. Its successor goes on counting in the same files, so that no sum ever falls, and
begins its gauges anew; until then the gauges of a number that nobody holds are passed over. Pure.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

#: prometheus_client's own variable: the folder. Without it each process counts for itself.
VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"


def make_anew(folder: Path) -> None:
    """An empty folder, and its name in the environment of the children that are started next."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.environ[VARIABLE] = str(folder)


def take(folder: Path) -> int:
    """The lowest free number, ours until this process ends."""
    number = next(number for number in count() if _hold(_lock(folder, number)))
    for gauges in folder.glob(f"gauge_*_{number}.db"):
        gauges.unlink()
    return number


def files(folder: Path) -> Iterator[Path]:
    """What was ever counted, and the gauges of the processes that are alive."""
    for file in folder.glob("*.db"):
        kind, *_, number = file.stem.split("_")
        begun = file.stat().st_size > 0
        if begun and (kind != "gauge" or _is_held(_lock(folder, int(number)))):
            yield file


def _lock(folder: Path, number: int) -> Path:
    return folder / f"{number}.lock"


def _hold(lock: Path) -> bool:
    """Take a lock, which stays ours as long as its file is open: to the end."""
    descriptor = _open(lock)
    if _locked(descriptor, fcntl.LOCK_EX):
        return True
    os.close(descriptor)
    return False


def _is_held(lock: Path) -> bool:
    descriptor = _open(lock)
    try:
        return not _locked(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _open(lock: Path) -> int:
    return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
