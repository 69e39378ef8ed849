"""Sockets that are only there: what one costs in memory, and ten thousand coming at once."""

import time
from typing import Final

from benchmarks.live.bench import WRITERS, Bench
from benchmarks.live.driving import CHARACTERS
from benchmarks.live.figures import Figures, figures
from benchmarks.live.generator.processes import resident_bytes
from benchmarks.live.loads.rooms import ROOMS
from benchmarks.live.school import Failed, School, Shape
from benchmarks.live.servers import Running

PEOPLE: Final = Shape(rooms=40, members=50)
KB: Final = 1_000
IDLE_SOCKETS: Final = 2_000  # one a person
WARM_SOCKETS: Final = 50  # before the memory is read the first time: what the first ones load stays
SETTLE_SECONDS: Final = 3.0
MOST_KILOBYTES: Final = 40.0

STORM_SOCKETS: Final = 10_000  # five a person
STORM_SECONDS: Final = 50.0  # over which they come, evenly
MOST_STORM_SECONDS: Final = 60.0
STORM_RATE: Final = 10.0  # messages/s to the channel of 200 meanwhile
MOST_STORM_P95_MS: Final = 100.0


def measure_idle(bench: Bench, load: str) -> None:
    """Memory of the server a socket, for every chosen server."""
    school = bench.folder.school(PEOPLE)
    for name in bench.options.servers:
        try:
            with bench.server(name, school) as running:
                bench.add(_idle(bench, load, school, running))
        except Failed as failure:
            bench.demand(load, f"'{name}' could not be measured", str(failure), met=None)
    if ours := bench.row(load, "schoolchat", f"{IDLE_SOCKETS} idle"):
        size = ours.kilobytes or 0.0
        demanded = f"an idle socket under {MOST_KILOBYTES:.0f} kB of the web process"
        bench.demand(load, demanded, f"{size:.1f} kB", met=size < MOST_KILOBYTES)


def _idle(bench: Bench, load: str, school: School, running: Running) -> Figures:
    with bench.driven(running) as generator:
        generator.connect(school.everybody(WARM_SOCKETS))
        time.sleep(SETTLE_SECONDS)
        before = _memory(running)
        generator.connect(school.everybody(IDLE_SOCKETS))
        time.sleep(SETTLE_SECONDS)
        each = (_memory(running) - before) / IDLE_SOCKETS / KB
    what = f"{IDLE_SOCKETS} idle"
    return Figures(load=load, server=running.name, what=what, kilobytes=each)


def _memory(running: Running) -> int:
    return sum(map(resident_bytes, running.web))


def measure_storm(bench: Bench, load: str) -> None:
    """Ten thousand sockets come while a channel of 200 is written to; SchoolChat alone."""
    room = bench.folder.school(ROOMS["room200"])
    school = bench.folder.school(PEOPLE)
    with (
        bench.server("schoolchat", room) as running,
        bench.driven(running) as writing,
        bench.driven(running) as coming,
    ):
        writing.connect(room.rooms(WRITERS))
        before = _memory(running)
        order = {"characters": CHARACTERS, "a_second": STORM_SOCKETS / STORM_SECONDS}
        coming.tell("connect", rooms=school.everybody(STORM_SOCKETS), **order)
        step = bench.steady(writing, STORM_RATE, MOST_STORM_SECONDS)
        came = coming.answer()
        each = (_memory(running) - before) / STORM_SOCKETS / KB
    what = f"{STORM_SOCKETS} coming"
    row = bench.add(figures(step, load=load, server="schoolchat", what=what, kilobytes=each))
    demanded = f"{STORM_SOCKETS:,} sockets connect within {MOST_STORM_SECONDS:.0f} s"
    took, lost = came["seconds"], STORM_SOCKETS - came["sockets"]
    found = f"{took:.0f} s, {lost} lost"
    bench.demand(load, demanded, found, met=took <= MOST_STORM_SECONDS and lost == 0)
    p95 = row.ms["p95"]
    demanded = f"send p95 to 200 members meanwhile under {MOST_STORM_P95_MS:.0f} ms"
    bench.demand(load, demanded, f"{p95:.1f} ms", met=p95 < MOST_STORM_P95_MS)
