"""Two web processes against one, at the same rate: what a delivery costs, and how soon the other
process's members hear."""

from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks.live import servers
from benchmarks.live.bench import HIGHEST, WRITERS, Bench, shown, wait_for_rest
from benchmarks.live.driving import Generator
from benchmarks.live.figures import Figures
from benchmarks.live.loads.rooms import ROOMS
from benchmarks.live.school import Failed, School
from benchmarks.live.servers import Running
from benchmarks.live.sockets import process_of_ports

SECONDS: Final = 8.0
MOST_TIMES_ONE: Final = 1.25
MOST_P95_ACROSS_MS: Final = 50.0
HALF: Final = "half of the rate"
TENTH: Final = "a tenth of the rate"


def measure_two(bench: Bench, load: str) -> None:
    """The room of 200, SchoolChat alone, at half and at a tenth of what one process holds."""
    if bench.redis is None:
        bench.say(f"{load}: left out, since redis-server is not installed")
        return
    school = bench.folder.school(ROOMS["room200"])
    with servers.schoolchat(bench.folder) as running, bench.driven(running) as generator:
        generator.connect(school.rooms(WRITERS))
        rate = _rate_of_one(bench, generator)
        wait_for_rest(running)
        step = bench.steady(generator, rate / 2, SECONDS)
        one = bench.add(shown(step, load, "schoolchat", f"one, {HALF}"))
    with (
        servers.schoolchat(bench.folder, workers=2, redis=bench.redis) as running,
        bench.driven(running) as generator,
    ):
        split = _connect(generator, running, school)
        wait_for_rest(running)
        step = bench.steady(generator, rate / 2, SECONDS)
        two = bench.add(shown(step, load, "schoolchat", f"two, {HALF}"))
        wait_for_rest(running)
        step = bench.steady(generator, rate / 10, SECONDS)
        tenth = bench.add(shown(step, load, "schoolchat", f"two, {TENTH}"))
    _judge(bench, load, times=two.cpu_total / one.cpu_total, tenth=tenth, split=split)


def _rate_of_one(bench: Bench, generator: Generator) -> float:
    """As room200 found in this run; searched for when it was not measured."""
    if row := bench.row("room200", "schoolchat", HIGHEST):
        return row.messages
    step = bench.search(generator, "schoolchat", ROOMS["room200"])
    if not step.held:
        raise Failed("One process holds no rate.")
    return step.rate


def _connect(generator: Generator, running: Running, school: School) -> str:
    """Connect, and tell the generator which socket is whose; how they are divided."""
    joined = generator.connect(school.rooms(WRITERS))
    of_ports = process_of_ports(running.web, urlsplit(running.url).port or 0)
    places: dict[str, Any] = {str(port): of_ports[port] for port in joined["ports"]}
    generator.ask("place", ports=places)
    counts = [list(places.values()).count(number) for number in range(len(running.web))]
    if min(counts) == 0:
        raise Failed("All sockets came to one of the two processes, so nothing was measured.")
    return " + ".join(map(str, counts))


def _judge(bench: Bench, load: str, *, times: float, tenth: Figures, split: str) -> None:
    demanded = f"CPU a delivery at most {MOST_TIMES_ONE} times that of one process"
    found = f"{times:.2f} times ({split} sockets)"
    bench.demand(load, demanded, found, met=times <= MOST_TIMES_ONE)
    p95 = tenth.ms_across["p95"]
    demanded = f"the other process's members hear within {MOST_P95_ACROSS_MS:.0f} ms at p95"
    bench.demand(load, demanded, f"{p95:.1f} ms", met=p95 < MOST_P95_ACROSS_MS)
