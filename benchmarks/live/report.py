"""The table on the terminal, the same as JSON, and what is demanded of SchoolChat."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.live.figures import Figures
from benchmarks.live.search import Step

GROUPS: Final = ("web", "postgres", "redis", "jobs")
HEAD: Final = (
    f"{'load':<11}{'server':<11}{'what':<20}{'msg/s':>8}{'deliv/s':>9}"
    f"{'p50':>7}{'p95':>7}{'p99':>7}{'µs':>9}"
    + "".join(f"{name:>9}" for name in GROUPS)
    + f"{'kB/sock':>9}{'gen %':>7}{'oth %':>7}"
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is demanded, what was found, and whether that is enough; None: nothing is demanded."""

    load: str
    demanded: str
    found: str
    met: bool | None

    def __str__(self) -> str:
        word = {True: "met", False: "MISSED", None: "found"}[self.met]
        return f"{word:<8}{self.load}: {self.demanded}: {self.found}"


def line(one: Figures) -> str:
    """One line of the table; HEAD says what stands where. What was not measured is left empty."""
    cells = [
        f"{one.load:<11}{one.server:<11}{one.what:<20}",
        _cell(one.messages or None, 8, 1),
        _cell(one.deliveries or None, 9, 0),
        *(_cell(one.ms.get(part), 7, 1) for part in ("p50", "p95", "p99")),
        _cell(one.cpu_total or None, 9, 2),
        *(_cell(one.cpu.get(name), 9, 2) for name in GROUPS),
        _cell(one.kilobytes, 9, 1),
        _cell(100 * one.generator if one.messages else None, 7, 0),
        _cell(100 * one.others if one.messages else None, 7, 0),
    ]
    return "".join(cells).rstrip() + (f"  ! {one.errors}" if one.errors else "")


def _cell(number: float | None, width: int, digits: int) -> str:
    return f"{'':>{width}}" if number is None else f"{number:>{width}.{digits}f}"


def step_line(server: str, step: Step) -> str:
    """A line about one step of the search, for whoever is watching."""
    found = step.found
    wall = found["cpu"]["wall"]
    return (
        f"  {server} {step.rate:.1f} msg/s: {'held' if step.held else 'failed'}, "
        f"{found['delivered'] / wall:.0f} deliveries/s, p95 {found['ms'].get('p95', 0):.0f} ms, "
        f"{found['expected'] - found['arrived']} missing, "
        f"generator {100 * found['cpu']['generator'] / wall:.0f} %, "
        f"others {100 * (found['cpu']['others'] + found['cpu']['stolen']) / wall:.0f} %"
    )


def as_json(rows: Sequence[Figures], verdicts: Sequence[Verdict], **more: Any) -> dict[str, Any]:
    """Everything that was printed, for programs."""
    return {
        **more,
        "figures": [dataclasses.asdict(row) | {"cpu_total": row.cpu_total} for row in rows],
        "demands": [dataclasses.asdict(verdict) for verdict in verdicts],
    }
