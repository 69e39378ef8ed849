"""What is reported of one server under one load."""

from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.live.search import Step

_US: Final = 1e6
_BESIDE: Final = frozenset({"generator", "others", "stolen", "wall"})


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One line of the table. Rates are a second, times milliseconds, CPU microseconds a delivery.

    `generator` and `others` are shares of one core. `errors` tells what came that should not.
    """

    load: str
    server: str
    what: str
    messages: float = 0.0
    deliveries: float = 0.0
    ms: dict[str, float] = field(default_factory=dict)
    ms_across: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    generator: float = 0.0
    others: float = 0.0
    kilobytes: float | None = None
    errors: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def cpu_total(self) -> float:
        """Microseconds a delivery, of all the server's processes."""
        return sum(self.cpu.values())


def figures(
    step: Step, *, load: str, server: str, what: str, kilobytes: float | None = None
) -> Figures:
    """The figures of one step."""
    found, used = step.found, step.found["cpu"]
    wall, delivered = used["wall"], max(1, found["delivered"])
    return Figures(
        load=load,
        server=server,
        what=what,
        messages=found["sent"] / wall,
        deliveries=found["arrived"] / wall,  # of what was sent in the window, whenever it came
        ms=found["ms"],
        ms_across=found["ms_across"],
        cpu={name: _US * used[name] / delivered for name in used.keys() - _BESIDE},
        generator=used["generator"] / wall,
        others=(used["others"] + used["stolen"]) / wall,
        kilobytes=kilobytes,
        errors=_errors(found),
        more={"rate": step.rate, "twice": found["twice"], "worst_lag_ms": found["worst_lag_ms"]},
    )


def _errors(found: dict[str, Any]) -> str:
    """Deliveries that came twice or never, sockets that were lost, and the first error frame."""
    parts = {
        "missing": found["expected"] - found["arrived"],
        "twice": found["twice"],
        "sockets lost": found["closed"],
        "behind": found["others"].get("behind", 0),
    }
    said = [f"{count} {name}" for name, count in parts.items() if count]
    return ", ".join([*said, found["error"]] if found["error"] else said)
