"""What the kernel knows of its own clock (adjtimex(2), Linux), and whether it was set. Pure.

The program that keeps the clock, chrony, ntpd or systemd-timesyncd, tells the kernel how far off it
believes the clock to be. Nothing is asked of any network.
"""

import ctypes
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from audit.clock import now

#: Bits of the kernel's status word (linux/timex.h).
_STA_UNSYNC: Final = 0x0040
_STA_NANO: Final = 0x2000
#: Counts on while a machine sleeps, and no change of the clock touches it.
_STEADY: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_A_MILLISECOND_NS: Final = 1_000_000


class _Timex(ctypes.Structure):
    """`struct timex` as far as `status`, and room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_long * 64),
    )


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the kernel says.

    Attributes:
        synchronised: whether something keeps the clock; None where the kernel does not say.
        offset_ms: how far the clock is believed to be off; None unless it is synchronised.
    """

    synchronised: bool | None
    offset_ms: int | None


@dataclass(frozen=True, kw_only=True)
class Look:
    """The clock on the wall and one that nobody can set, at the same moment."""

    wall: datetime
    steady_ms: int


UNKNOWN: Final = Reading(synchronised=None, offset_ms=None)


def read() -> Reading:
    """Ask the kernel; UNKNOWN on other systems, and in a container that may not ask."""
    found = _Timex()
    ask = getattr(ctypes.CDLL(None), "adjtimex", None)
    if ask is None or ask(ctypes.byref(found)) < 0:
        return UNKNOWN
    return reading_of(status=found.status, offset=found.offset, esterror_us=found.esterror)


def reading_of(*, status: int, offset: int, esterror_us: int) -> Reading:
    """What the numbers mean. The larger of what is still to be made up and of the estimated error
    counts: some programs report the one and some the other. `offset` is in µs, or in ns as `status`
    says; `maxerror` is left out, since it grows by itself between two looks at the time server.
    """
    if status & _STA_UNSYNC:
        return Reading(synchronised=False, offset_ms=None)
    a_ms = _A_MILLISECOND_NS if status & _STA_NANO else 1_000
    off = round(offset / a_ms)
    return Reading(synchronised=True, offset_ms=max(off, esterror_us // 1_000, key=abs))


def look() -> Look:
    """Both clocks now."""
    return Look(wall=now(), steady_ms=time.clock_gettime_ns(_STEADY) // _A_MILLISECOND_NS)


def step_ms(before: Look, after: Look) -> int:
    """By how much the clock was set between two looks of one process: positive is forward."""
    passed = round((after.wall - before.wall).total_seconds() * 1_000)
    return passed - (after.steady_ms - before.steady_ms)
