"""What processes cost, from /proc: CPU seconds and memory of process trees."""

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypedDict

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PROC = Path("/proc")
# Fields of /proc/PID/stat, counted from the one after the name.
_PARENT = 1
_OWN = slice(11, 13)  # user and system time
_WITH_REAPED = slice(11, 15)  # and those of children that have ended and were waited for
_BUSY = (0, 1, 2, 5, 6)  # of /proc/stat: user, nice, system, irq, softirq
_STOLEN = 7


class Group(TypedDict):
    """Processes that are counted together: whole trees, and some without their children."""

    trees: list[int]
    alone: list[int]


def descendants(pid: int) -> list[int]:
    """A living process and all that stem from it."""
    children: dict[int, list[int]] = {}
    for each in _every():
        if fields := _stat(each):
            children.setdefault(int(fields[_PARENT]), []).append(each)
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def cpu_seconds(group: Group) -> float:
    """CPU time used so far, that of short-lived children included."""
    ticks = sum(_ticks(pid, _OWN) for pid in group["alone"])
    for tree in group["trees"]:
        ticks += sum(_ticks(pid, _WITH_REAPED) for pid in descendants(tree))
    return ticks / _TICKS


def resident_bytes(pid: int) -> int:
    """Memory of one process that is in RAM."""
    return int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE


def command_line(pid: int) -> str:
    """The words it was started with; empty when it is gone."""
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def parent_of(pid: int) -> int:
    """The number of the process that started it."""
    return int(_stat(pid)[_PARENT])


def _every() -> Iterable[int]:
    return (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())


def _stat(pid: int) -> list[str]:
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _ticks(pid: int, fields: slice) -> int:
    return sum(map(int, _stat(pid)[fields]))


def _machine() -> tuple[float, float]:
    """Busy and stolen CPU seconds of the whole machine."""
    numbers = list(map(int, (_PROC / "stat").read_text().split(maxsplit=9)[1:9]))
    return sum(numbers[n] for n in _BUSY) / _TICKS, numbers[_STOLEN] / _TICKS


class Meter:
    """CPU seconds of named groups, of this process and of everybody else, since it was made."""

    def __init__(self, groups: Mapping[str, Group]) -> None:
        self._groups = groups
        self.began = time.monotonic()
        self._own = time.process_time()
        self._machine = _machine()
        self._before = {name: cpu_seconds(group) for name, group in groups.items()}

    def read(self) -> dict[str, float]:
        """Seconds by group, and `generator`, `others`, `stolen` and, of the clock, `wall`."""
        used = {name: cpu_seconds(g) - self._before[name] for name, g in self._groups.items()}
        own = time.process_time() - self._own
        busy, stolen = (now - then for now, then in zip(_machine(), self._machine, strict=True))
        others = max(0.0, busy - sum(used.values()) - own)
        wall = time.monotonic() - self.began
        return {**used, "generator": own, "others": others, "stolen": stolen, "wall": wall}
