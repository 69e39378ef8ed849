"""The chat while something else goes on: a room in which people write, and how long it takes."""

import json
import statistics
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.live.driving import Generator
from benchmarks.live.machine import Cores
from benchmarks.live.school import Failed, Folder
from benchmarks.live.servers import schoolchat

#: Messages a second in the one room, more than a large staff room ever sees in an hour's mean.
RATE: Final = 5
WRITERS: Final = 5


@dataclass(frozen=True, kw_only=True)
class Took:
    """From sending to a delivery, in milliseconds: the p95 of the usual step and of the worst; how
    many deliveries were given up, since nothing came for three seconds; and how often somebody was
    told to load the room anew (`reset`), whereupon a page asks for what is new in it."""

    usual: float
    worst: float
    steps: int
    lost: int
    resets: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """Of a step the p95, the deliveries that were given up, and the resets."""

    p95: float
    lost: int
    resets: int


class Chat:
    """A room of which everybody is connected, and in which a step lasts so many seconds."""

    def __init__(self, generator: Generator, seconds: float) -> None:
        self._generator = generator
        self._seconds = seconds

    def idle(self, seconds: float) -> list[Step]:
        """While nothing else goes on."""
        return [self._step() for _ in range(max(1, round(seconds / self._seconds)))]

    def beside(self, other: subprocess.Popen[str]) -> list[Step]:
        """Until that process ends: the steps that it outlived, or the one during which it ended."""
        steps: list[Step] = []
        while other.poll() is None:
            step = self._step()
            if other.poll() is None or not steps:
                steps.append(step)
        return steps

    def _step(self) -> Step:
        found = self._generator.ask("step", rate=RATE, seconds=self._seconds)
        if found["error"] or not found["ms"]:
            raise Failed(f"The room does not answer: {found['error'] or 'nothing came'}")
        return Step(
            p95=found["ms"]["p95"],
            lost=found["expected"] - found["arrived"],
            resets=found["others"].get("reset", 0),
        )


def took(steps: Sequence[Step]) -> Took:
    """Some steps together."""
    each = [step.p95 for step in steps]
    return Took(
        usual=statistics.median(each),
        worst=max(each),
        steps=len(each),
        lost=sum(step.lost for step in steps),
        resets=sum(step.resets for step in steps),
    )


@contextmanager
def chatting(folder: Folder, tokens: Path, seconds: float) -> Iterator[Chat]:
    """The product serves, and the people of one of its largest rooms are there."""
    nobody_pinned = Cores(server=None, generator=None)
    with schoolchat(folder) as running, Generator(running, nobody_pinned) as generator:
        generator.connect([_room(tokens)])
        yield Chat(generator, seconds)


def _room(tokens: Path) -> dict[str, Any]:
    rooms: dict[str, list[str]] = {}
    for person in map(json.loads, tokens.read_text().splitlines()):
        for channel in person["channels"]:
            rooms.setdefault(channel, []).append(person["token"])
    channel = max(rooms, key=lambda each: len(rooms[each]))
    return {"channel": channel, "tokens": rooms[channel], "writers": WRITERS}
