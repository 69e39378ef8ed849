"""One run: where it takes place, what it is to measure, and what it has found so far."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.live import servers
from benchmarks.live.driving import Generator
from benchmarks.live.figures import Figures, figures
from benchmarks.live.generator.processes import cpu_seconds
from benchmarks.live.machine import Cores
from benchmarks.live.report import Verdict, line, step_line
from benchmarks.live.school import Failed, Folder, School, Shape
from benchmarks.live.search import Step, highest_held
from benchmarks.live.servers import Redis, Running

WRITERS: Final = 10  # in a room
HIGHEST: Final = "highest rate"
GIVEN: Final = "given rate"
NOT_HELD: Final = "holds none; lowest"
TENTH: Final = "a tenth of it"
AT_REST: Final = 0.10  # of a core
LONGEST_REST_SECONDS: Final = 90.0
# Deliveries a second that each surely holds: where the search begins.
_FIRST_TRY: Final = {
    "bare": 40_000,
    "joined": 80_000,
    "schoolchat": 20_000,
    "usual": 400,
    "ejabberd": 4_000,
    "synapse": 80,
}


@dataclass(frozen=True, kw_only=True)
class Options:
    """What was asked for on the command line."""

    servers: tuple[str, ...]
    seconds: float
    tenth: float  # seconds at a tenth of the highest rate
    bisections: int
    start: float | None
    rate: float | None
    prints: bool  # the table, as it grows
    silent: bool  # about the steps
    synapse: Path | None = None  # a Python that has it


@dataclass(kw_only=True)
class Bench:
    """The run. Figures and verdicts are printed as they come."""

    folder: Folder
    cores: Cores
    options: Options
    redis: Redis | None
    rows: list[Figures] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Tell whoever watches; never part of the result."""
        if not self.options.silent:
            sys.stderr.write(f"{text}\n")

    def add(self, row: Figures) -> Figures:
        """A line of the table."""
        self.rows.append(row)
        if self.options.prints:
            print(line(row), flush=True)
        return row

    def demand(self, load: str, demanded: str, found: str, *, met: bool | None) -> None:
        """Something that is demanded, and how it stands; None where nothing is demanded."""
        verdict = Verdict(load=load, demanded=demanded, found=found, met=met)
        self.verdicts.append(verdict)
        if self.options.prints:
            print(verdict, flush=True)

    def row(self, load: str, server: str, what: str) -> Figures | None:
        """A line that was found before."""
        for row in self.rows:
            if (row.load, row.server, row.what) == (load, server, what):
                return row
        return None

    def server(self, name: str, school: School) -> AbstractContextManager[Running]:
        """One of the servers, ready for that school."""
        if name in {"bare", "joined"}:
            return servers.bare(self.folder, school, joined=name == "joined")
        if name == "schoolchat":
            return servers.schoolchat(self.folder)
        if name == "synapse" and self.options.synapse:
            return servers.synapse(self.folder, school, self.options.synapse, WRITERS)
        if name == "ejabberd":
            return servers.ejabberd(self.folder)
        if self.redis is None:
            raise Failed("Channels' usual pattern is left out: redis-server is not installed.")
        return servers.usual(self.folder, school, self.redis)

    @contextmanager
    def driven(self, running: Running) -> Iterator[Generator]:
        """A generator for that server."""
        self.say(f"  {running}")
        with Generator(running, self.cores) as generator:
            yield generator

    def search(self, generator: Generator, server: str, shape: Shape) -> Step:
        """The highest rate that it holds, see search.py; with --rate, one step at that rate."""
        options = self.options

        def measure(rate: float) -> dict[str, Any]:
            return generator.ask("step", rate=rate, seconds=options.seconds)

        def tell(step: Step) -> None:
            self.say(step_line(server, step))

        if options.rate is not None:
            return Step(rate=options.rate, found=measure(options.rate))
        start = options.start or _FIRST_TRY[server] / shape.members
        return highest_held(measure, start=start, bisections=options.bisections, tell=tell)

    def steady(
        self,
        generator: Generator,
        rate: float,
        seconds: float,
        *,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> Step:
        """One step at a rate; in its middle something is done."""
        generator.tell("step", rate=rate, seconds=seconds)
        timer = threading.Timer(seconds / 2, meanwhile)
        timer.start()
        found = generator.answer()
        timer.join()
        return Step(rate=rate, found=found)


def shown(step: Step, load: str, server: str, what: str) -> Figures:
    """The step's figures, under a name."""
    return figures(step, load=load, server=server, what=what)


def wait_for_rest(running: Running) -> None:
    """After an overload: until what it left behind, as entries of the log to be sealed, is done."""
    deadline = time.monotonic() + LONGEST_REST_SECONDS
    used = _used(running)
    while time.monotonic() < deadline:
        time.sleep(1.0)
        before, used = used, _used(running)
        if used - before < AT_REST:
            return


def _used(running: Running) -> float:
    return sum(map(cpu_seconds, running.groups.values()))
