"""Live delivery measured: SchoolChat, the bare limit and Channels' usual pattern in one run.

A generator on one core speaks docs/reference/protocol.md to a server on another, looks for the
highest rate that is held (p95 from send to receipt under 500 ms, 99.9 % of the deliveries
arrive), and measures a tenth of it. The table goes to standard output, each step of a search and
the numbers of the processes, for a profiler, to standard error.
"""

import json
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

from benchmarks.live import machine, report
from benchmarks.live.bench import Bench, Options
from benchmarks.live.loads.idle import measure_idle, measure_storm
from benchmarks.live.loads.notify import measure_notify
from benchmarks.live.loads.rooms import ROOMS, measure_rooms, whether_it_counts
from benchmarks.live.loads.two import measure_two
from benchmarks.live.prototype import quick_tool
from benchmarks.live.school import Failed, folder
from benchmarks.live.servers import redis
from schoolchat.database.errors import SetUpError
from schoolchat.database.lease import leased

SERVERS: Final = ("bare", "joined", "usual", "schoolchat")
LOADS: Final[dict[str, Callable[[Bench, str], None]]] = {
    **dict.fromkeys(ROOMS, measure_rooms),
    "idle": measure_idle,
    "two": measure_two,
    "storm": measure_storm,
    "notify": measure_notify,
}
USUAL_LOADS: Final = ("room200", "rooms20x50", "room1000", "idle", "two", "storm", "notify")


def main() -> int:
    asked = _arguments()
    signal.signal(signal.SIGTERM, _end)
    placed = machine.cores()
    machine.stay_on(placed.server)
    machine.allow_many_files()
    try:
        with folder(asked.data, asked.messages) as made, leased(made.data), redis(made) as beside:
            bench = Bench(folder=made, cores=placed, options=_options(asked), redis=beside)
            _run(bench, asked)
    except (Failed, SetUpError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def _end(number: int, _frame: object) -> None:
    """Asked to end: what was started is stopped on the way out."""
    raise SystemExit(128 + number)


def _run(bench: Bench, asked: Namespace) -> None:
    quick = _quick_tool(asked)
    if not asked.json:
        print(machine.description(), report.HEAD, sep="\n\n", flush=True)
    for load in asked.load:
        try:
            LOADS[load](bench, load)
        except Failed as failure:
            bench.demand(load, "could not be measured", str(failure), met=None)
    conclusion = [*whether_it_counts(bench), *quick]
    if asked.json:
        about = {"machine": machine.description(), "conclusion": conclusion}
        print(json.dumps(report.as_json(bench.rows, bench.verdicts, **about), indent=1))
    else:
        print("", *conclusion, sep="\n")


def _quick_tool(asked: Namespace) -> list[str]:
    if asked.livebench is None:
        return []
    found = quick_tool(asked.livebench, seconds=asked.seconds, bisections=asked.bisect)
    return [f"The quick tool's fan-out, without a database: {found}."]


def _options(asked: Namespace) -> Options:
    others = [name for name in ("ejabberd", "synapse") if getattr(asked, name)]
    return Options(
        servers=(*asked.server, *others),
        synapse=asked.synapse,
        seconds=asked.seconds,
        tenth=asked.tenth,
        bisections=asked.bisect,
        start=asked.start,
        rate=asked.rate,
        prints=not asked.json,
        silent=asked.silent,
    )


def _arguments() -> Namespace:
    parser = ArgumentParser(
        prog="python -m benchmarks.live",
        description=__doc__,
        formatter_class=RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--load", type=_words(LOADS), default=USUAL_LOADS, help=",".join(LOADS))
    add("--server", type=_words(SERVERS), default=SERVERS, help=",".join(SERVERS))
    add("--seconds", type=float, default=5.0, help="of each step")
    add("--tenth", type=float, default=65.0, help="seconds at a tenth of the highest rate")
    add("--bisect", type=int, default=3, help="steps after the first that failed")
    add("--start", type=float, help="messages/s at which the search begins")
    add("--rate", type=float, help="no search: one step at so many messages/s, for a profile")
    add("--data", type=Path, help="a folder to keep the generated schools in")
    add("--messages", type=int, default=2_000, help="of history in each school")
    add("--livebench", type=Path, metavar="DIR", help="quick tools to run first, for comparison")
    add("--ejabberd", action="store_true", help="measure ejabberd's rooms too, if it is installed")
    add("--synapse", type=Path, metavar="PYTHON", help="measure Synapse too, of that Python")
    add("--json", action="store_true")
    add("--silent", action="store_true", help="say nothing on standard error but a refusal")
    return parser.parse_args()


def _words(known: Collection[str]) -> Callable[[str], tuple[str, ...]]:
    def parse(text: str) -> tuple[str, ...]:
        words = tuple(text.split(","))
        if unknown := [word for word in words if word not in known]:
            raise ArgumentTypeError(f"'{unknown[0]}' is not one of: {', '.join(known)}")
        return words

    return parse


if __name__ == "__main__":
    sys.exit(main())
