"""The search for the highest rate that a server holds."""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

MOST_P95_MS: Final = 500.0
LEAST_ARRIVED: Final = 0.999
CLOSE_ENOUGH: Final = 1.06  # between the highest rate that held and the lowest that did not
NOISE: Final = 0.15  # of a core, used by others: a step that fails in it is tried again
LOWEST_RATE: Final = 0.25  # messages a second; a server that does not hold it holds none


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: the rate that was offered (messages/s) and what the generator found."""

    rate: float
    found: dict[str, Any]

    @property
    def held(self) -> bool:
        """Whether everything came, and in time."""
        found = self.found
        return (
            not found["gave_up"]
            and found["arrived"] >= LEAST_ARRIVED * found["expected"]
            and found["ms"].get("p95", float("inf")) < MOST_P95_MS
        )

    @property
    def noisy(self) -> bool:
        """Whether other processes, or other guests of the machine, took part of it."""
        used = self.found["cpu"]
        return bool(used["others"] + used["stolen"] > NOISE * used["wall"])


type Measure = Callable[[float], dict[str, Any]]


def highest_held(
    measure: Measure, *, start: float, bisections: int, tell: Callable[[Step], None]
) -> Step:
    """Double the rate until a step fails, then look between so many times.

    When no rate is held, the last and lowest step, which failed.
    """
    search = _Search(looks=bisections)
    rate: float | None = max(start, LOWEST_RATE)
    while rate is not None:
        search.note(_try(measure, rate, tell))
        rate = search.next_rate()
    return search.result()


@dataclass(kw_only=True)
class _Search:
    """The highest rate that held so far, and the lowest that did not; looks between left."""

    looks: int
    held: Step | None = None
    failed: Step | None = None

    def note(self, step: Step) -> None:
        if step.held:
            self.held = step
        else:
            self.failed = step

    def next_rate(self) -> float | None:
        if self.failed is None:
            return self.result().rate * 2
        if self.held is None:
            lower = self.failed.rate / 4
            return lower if lower >= LOWEST_RATE else None
        if not self.looks or self.failed.rate / self.held.rate <= CLOSE_ENOUGH:
            return None
        self.looks -= 1
        return sqrt(self.held.rate * self.failed.rate)

    def result(self) -> Step:
        step = self.held or self.failed
        assert step is not None, "a search begins with a step"
        return step


def _try(measure: Measure, rate: float, tell: Callable[[Step], None]) -> Step:
    step = Step(rate=rate, found=measure(rate))
    tell(step)
    if not step.held and step.noisy:
        step = Step(rate=rate, found=measure(rate))
        tell(step)
    return step
