"""Who writes where and when in a synthetic history.

Messages follow the school year and the school day; a few channels and a few people in each write
most of them. People and channels are numbers from 0; the caller knows who they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from schoolchat.demo.terms import is_school_day

LONDON = ZoneInfo("Europe/London")
HOLIDAY = 0.04  # a day out of school against one in it
SPREAD = 0.9  # exponent of the channels' and authors' shares
AUTHOR_SLOTS = 256  # entries of a channel's table of authors: one for each value of a byte
MINUTE = 60_000  # milliseconds

# First and last minute of the local day, and how much is written in each minute between.
_RHYTHM = (
    *((430, 465, 2), (465, 530, 6), (530, 620, 2), (620, 660, 4), (660, 715, 2)),
    *((715, 800, 5), (800, 910, 2), (910, 1000, 6), (1000, 1080, 3), (1080, 1260, 1)),
)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What was asked for; `ends` is aware, the history begins `months` months before it."""

    messages: int
    people: int
    channels: int
    members: int  # in each channel
    months: int
    ends: datetime
    classes: tuple[str, ...] = ()  # of each channel; without, all are routine

    @property
    def direct(self) -> list[int]:
        """The channels that are conversations of two."""
        return [number for number, each in enumerate(self.classes) if each == "direct"]


class Slot(NamedTuple):
    """One message to be written: milliseconds since 1970 (UTC), channel and author."""

    at: int
    channel: int
    author: int


@dataclass(frozen=True, kw_only=True)
class MonthPlan:
    """The slots of one calendar month (UTC), ascending in time."""

    month: date
    slots: list[Slot]


def memberships(shape: Shape, seed: int) -> list[list[int]]:
    """The members of each channel; everybody is in one at least if there are seats enough.

    Those of class `direct` have two, and no two of them the same.
    """
    rng = Random(seed)
    size = min(shape.members, shape.people)
    queue = rng.sample(range(shape.people), shape.people)
    found: list[list[int]] = []
    for channel in range(shape.channels):
        first = channel * size % shape.people
        seats = (queue + queue)[first : first + size]
        found.append(rng.sample(seats, size))
    for turn, channel in enumerate(shape.direct):
        found[channel] = [queue[turn], queue[(turn + 1) % shape.people]]
    return found


def plan(shape: Shape, seed: int) -> Iterator[MonthPlan]:
    """The whole history month by month; the counts add up to `shape.messages`."""
    rng = Random(seed)
    days = _days(shape)
    by_month: dict[date, list[tuple[date, int]]] = {}
    for day, count in zip(days, _apportion(_weights(days), shape.messages), strict=True):
        by_month.setdefault(day.replace(day=1), []).append((day, count))
    draw = _Draw(shape, seed, rng)
    for month, counts in by_month.items():
        yield MonthPlan(month=month, slots=[s for day, n in counts for s in draw.day(day, n)])


def _days(shape: Shape) -> list[date]:
    """The days before the last moment, so that no message is later than it."""
    last = shape.ends.astimezone(UTC).date()
    months = last.year * 12 + last.month - 1 - shape.months
    first = date(months // 12, months % 12 + 1, min(last.day, 28))
    return [first + timedelta(days=n) for n in range((last - first).days)]


def _weights(days: list[date]) -> list[float]:
    return [1.0 if is_school_day(day) else HOLIDAY for day in days]


def _apportion(weights: list[float], total: int) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total."""
    scale = total / sum(weights)
    bounds = [round(running * scale) for running in accumulate(weights)]
    return [upper - lower for lower, upper in zip([0, *bounds], bounds, strict=False)]


def shares(count: int) -> list[float]:
    """How much the first channel or author writes, the first two together, and so on."""
    return list(accumulate(1 / rank**SPREAD for rank in range(1, count + 1)))


def _minutes() -> list[int]:
    """A minute of the day as often as its share of what is written."""
    return [
        minute
        for first, last, weight in _RHYTHM
        for minute in range(first, last)
        for _ in range(weight)
    ]


class _Draw:
    """Draws the slots of a day."""

    def __init__(self, shape: Shape, seed: int, rng: Random) -> None:
        self._rng = rng
        self._channels = range(shape.channels)
        self._busy = shares(shape.channels)
        self._minutes = _minutes()
        self._authors = [
            rng.choices(members, cum_weights=shares(len(members)), k=AUTHOR_SLOTS)
            for members in memberships(shape, seed)
        ]

    def day(self, day: date, count: int) -> list[Slot]:
        """That many slots between early morning and evening, ascending."""
        if not count:
            return []
        rng, authors = self._rng, self._authors
        midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON)
        start = int(midnight.timestamp()) * 1000
        minutes = rng.choices(self._minutes, k=count)
        times = sorted(start + minute * MINUTE + int(rng.random() * MINUTE) for minute in minutes)
        channels = rng.choices(self._channels, cum_weights=self._busy, k=count)
        byte = rng.randbytes(count)
        return [
            Slot(at, channel, authors[channel][n])
            for at, channel, n in zip(times, channels, byte, strict=True)
        ]
