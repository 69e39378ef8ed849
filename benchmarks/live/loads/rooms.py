"""Rooms in which people write: the highest rate that is held, and a tenth of it."""

from typing import Final

from benchmarks.live.bench import (
    GIVEN,
    HIGHEST,
    NOT_HELD,
    TENTH,
    WRITERS,
    Bench,
    shown,
    wait_for_rest,
)
from benchmarks.live.driving import Generator
from benchmarks.live.flush import flush_pending
from benchmarks.live.school import Failed, School, Shape
from benchmarks.live.search import Step
from benchmarks.live.servers import Running

ROOMS: Final = {
    "room50": Shape(rooms=1, members=50),
    "room200": Shape(rooms=1, members=200),
    "rooms20x50": Shape(rooms=20, members=50),
    "room1000": Shape(rooms=1, members=1_000),
}
MOST_CPU_BARE: Final = 7.0  # µs a delivery; above it the machine was not itself
MOST_GENERATOR: Final = 0.95  # of its core
LEAST_OF_BARE: Final = 0.60
LEAST_TIMES_USUAL: Final = 25.0
MOST_P95_TENTH_MS: Final = 15.0


def measure_rooms(bench: Bench, load: str) -> None:
    """Every chosen server under that load, and how SchoolChat stands to the others."""
    shape = ROOMS[load]
    school = bench.folder.school(shape)
    for name in bench.options.servers:
        try:
            with bench.server(name, school) as running:
                _measure(bench, load, shape, school, running)
        except Failed as failure:
            bench.demand(load, f"'{name}' could not be measured", str(failure), met=None)
    judge(bench, load)


def _measure(bench: Bench, load: str, shape: Shape, school: School, running: Running) -> None:
    with bench.driven(running) as generator:
        generator.connect(running.rooms or school.rooms(WRITERS))
        step = bench.search(generator, running.name, shape)
        if bench.options.rate is not None:
            bench.add(shown(step, load, running.name, GIVEN))
        elif not step.held:
            bench.add(shown(step, load, running.name, NOT_HELD))
        else:
            bench.add(shown(step, load, running.name, HIGHEST))
            wait_for_rest(running)
            step = _tenth(bench, generator, running, step)
            bench.add(shown(step, load, running.name, TENTH))


def _tenth(bench: Bench, generator: Generator, running: Running, step: Step) -> Step:
    """In SchoolChat the search's pending list is flushed in its middle."""

    def flush() -> None:
        if running.name == "schoolchat":
            bench.say(f"  {flush_pending(bench.folder)}")

    return bench.steady(generator, step.rate / 10, bench.options.tenth, meanwhile=flush)


def judge(bench: Bench, load: str) -> None:
    """What is demanded of SchoolChat in a room, as far as it was measured."""
    ours = bench.row(load, "schoolchat", HIGHEST)
    tenth = bench.row(load, "schoolchat", TENTH)
    if ours is None or tenth is None:
        return
    if bare := bench.row(load, "bare", HIGHEST):
        share = ours.deliveries / bare.deliveries
        demanded = f"at least {LEAST_OF_BARE:.0%} of the bare limit's deliveries/s"
        bench.demand(load, demanded, f"{share:.0%}", met=share >= LEAST_OF_BARE)
    if joined := bench.row(load, "joined", HIGHEST):
        share = ours.deliveries / joined.deliveries
        bench.demand(load, "of the same with joined frames", f"{share:.0%}", met=None)
    if usual := bench.row(load, "usual", HIGHEST):
        times = ours.deliveries / usual.deliveries
        demanded = f"at least {LEAST_TIMES_USUAL:.0f} times the usual pattern's deliveries/s"
        met = times >= LEAST_TIMES_USUAL if load == "room200" else None
        bench.demand(load, demanded, f"{times:.0f} times", met=met)
    p95 = tenth.ms["p95"]
    demanded = f"p95 at a tenth of the rate under {MOST_P95_TENTH_MS:.0f} ms"
    found = f"{p95:.1f} ms (p99 {tenth.ms['p99']:.1f} ms)"
    bench.demand(load, demanded, found, met=p95 < MOST_P95_TENTH_MS)


def whether_it_counts(bench: Bench) -> list[str]:
    """Whether the machine was itself and the generator not the bottleneck; who else was at work."""
    others = max((row.others for row in bench.rows), default=0.0)
    noise = f"Other processes and guests of the machine took up to {others:.0%} of a core."
    bare = bench.row("room200", "bare", HIGHEST)
    if bare is None:
        return ["Whether this run counts is not known: room200 was not measured on 'bare'.", noise]
    busiest = max(row.generator for row in bench.rows)
    counts = bare.cpu_total <= MOST_CPU_BARE and busiest < MOST_GENERATOR
    verdict = (
        f"This run {'counts' if counts else 'does NOT count'}: the bare limit in room200 costs "
        f"{bare.cpu_total:.2f} µs of CPU a delivery (at most {MOST_CPU_BARE:.0f}), "
        f"permessage-deflate is off, and the generator used at most {busiest:.0%} of its core "
        f"(below {MOST_GENERATOR:.0%})."
    )
    return [verdict, noise]
