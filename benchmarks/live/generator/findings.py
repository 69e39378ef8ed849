"""What a step's log says: counts and percentiles."""

from typing import Any, Final

from benchmarks.live.generator.members import Crowd
from benchmarks.live.generator.step import Sent, Window

_MS: Final = 1_000.0
_PARTS: Final = {"p50": 0.50, "p95": 0.95, "p99": 0.99}


def findings(crowd: Crowd, sent: Sent, window: Window) -> dict[str, Any]:
    """One step as plain numbers: counts, milliseconds, CPU seconds by group.

    `expected` and `arrived` count the deliveries of the messages that were sent in the window,
    each socket's once; `delivered` those of any message that were read in the window.
    """
    heard = [0] * (window.last - window.first)
    here: list[float] = []
    across: list[float] = []  # to sockets of another process than the writer's
    delivered = 0
    for at, member, numbers in crowd.log:
        if window.began <= at <= window.ended:
            delivered += len(numbers)
        for number in numbers:
            if window.first <= number < window.last:
                heard[number - window.first] += 1
                far = sent.by[number].process != member.process
                (across if far else here).append(at - sent.at[number])
    wanted = [len(sent.by[number].room.members) for number in range(window.first, window.last)]
    return {
        "sent": window.last - window.first,
        "seconds": window.used["wall"],
        "expected": sum(wanted),
        "arrived": sum(map(min, heard, wanted)),
        "twice": sum(max(0, got - want) for got, want in zip(heard, wanted, strict=True)),
        "delivered": delivered,
        "ms": percentiles(here + across),
        "ms_across": percentiles(across),
        "cpu": window.used,
        "worst_lag_ms": window.worst_lag * _MS,
        "gave_up": window.gave_up,
        "others": dict(crowd.heard.others),
        "error": crowd.heard.error,
        "closed": crowd.heard.closed,
    }


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Milliseconds below which those parts lie; empty when there is nothing."""
    if not seconds:
        return {}
    seconds.sort()
    last = len(seconds) - 1
    return {name: seconds[round(part * last)] * _MS for name, part in _PARTS.items()}
