"""One step of a measurement: messages at a steady rate, whatever the server does with them."""

import time
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.live.generator.members import Crowd, Member, Room
from benchmarks.live.generator.processes import Group, Meter

WARM_SECONDS: Final = 0.7
SILENCE_SECONDS: Final = 3.0  # nothing for so long, and what is missing is lost
LONGEST_DRAIN_SECONDS: Final = 60.0
MOST_BEHIND_SECONDS: Final = 1.5  # as many deliveries open as that would bring: it has failed
_TOGETHER: Final = 64  # messages sent in a row before anything is read


@dataclass(kw_only=True)
class Sent:
    """When each message was sent, by whom and to how many; the number is the position here."""

    at: array = field(default_factory=lambda: array("d"))  # type: ignore[type-arg]
    by: list[Member] = field(default_factory=list)

    def send(self, crowd: Crowd, rooms: Sequence[Room]) -> None:
        """Send the next message: rooms take turns, and in each room its writers."""
        number = len(self.at)
        room = rooms[number % len(rooms)]
        writer = room.writers[number // len(rooms) % len(room.writers)]
        crowd.waiting += len(room.members)
        self.by.append(writer)
        self.at.append(time.monotonic())
        crowd.write(writer, room.template % (number, number))


@dataclass(kw_only=True)
class Window:
    """What was seen of one step. Numbers of messages from `first` to before `last` belong to it."""

    first: int
    last: int
    began: float
    ended: float
    used: dict[str, float]
    worst_lag: float
    gave_up: bool


def run_step(
    crowd: Crowd,
    rooms: Sequence[Room],
    sent: Sent,
    *,
    rate: float,
    seconds: float,
    groups: Mapping[str, Group],
) -> Window:
    """Warm up, offer `rate` messages/s for `seconds`, then wait until all has come or no more."""
    crowd.log.clear()
    crowd.heard.forget()
    limit = (MOST_BEHIND_SECONDS * rate + 3) * max(len(room.members) for room in rooms)
    pace = _Pace(crowd, rooms, sent, rate, limit)
    behind = pace.run(WARM_SECONDS)
    meter = Meter(groups)
    first = len(sent.at)
    pace.worst_lag = 0.0
    gave_up = behind or pace.run(seconds)
    ended = time.monotonic()
    used = meter.read()
    window = Window(
        first=first,
        last=len(sent.at),
        began=meter.began,
        ended=ended,
        used=used,
        worst_lag=pace.worst_lag,
        gave_up=gave_up,
    )
    _drain(crowd)
    return window


class _Pace:
    """Sends on time, and reads between."""

    def __init__(
        self, crowd: Crowd, rooms: Sequence[Room], sent: Sent, rate: float, limit: float
    ) -> None:
        self._crowd, self._rooms, self._sent = crowd, rooms, sent
        self._period, self._limit = 1 / rate, limit
        self._due = time.monotonic()
        self.worst_lag = 0.0

    def run(self, seconds: float) -> bool:
        """Go on for so long; True when it was stopped because the server is too far behind."""
        end = time.monotonic() + seconds
        while (present := time.monotonic()) < end:
            self._send_due(present)
            if self._crowd.waiting > self._limit:
                return True
            self._crowd.read(max(0.0, min(self._due, end) - time.monotonic()))
        return False

    def _send_due(self, present: float) -> None:
        for _ in range(_TOGETHER):
            if self._due > present:
                return
            self.worst_lag = max(self.worst_lag, present - self._due)
            self._sent.send(self._crowd, self._rooms)
            self._due += self._period


def _drain(crowd: Crowd) -> None:
    began = heard = time.monotonic()
    waiting = crowd.waiting
    while crowd.waiting > 0 and time.monotonic() < began + LONGEST_DRAIN_SECONDS:
        crowd.read(0.05)
        if crowd.waiting != waiting:
            waiting, heard = crowd.waiting, time.monotonic()
        elif time.monotonic() > heard + SILENCE_SECONDS:
            break
    crowd.waiting = 0
