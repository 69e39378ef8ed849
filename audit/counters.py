"""What a process counts of itself: one registry for all apps, and the answer of all processes.

It stands on the ground floor, so that every app may count. Counting takes about a microsecond; no
label ever holds a person, a channel or what was written. Pure.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    values,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from audit import slots

#: What is none of the known values of a label counts as this, so that no client makes new ones.
OTHER: Final = "other"
_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)

_folder: Final = Path(os.environ[slots.VARIABLE]) if slots.VARIABLE in os.environ else None
if _folder is not None:
    _number = slots.take(_folder)
    values.ValueClass = values.MultiProcessValue(lambda: _number)
disable_created_metrics()

REGISTRY: Final = CollectorRegistry()


def gauge(name: str, meaning: str, labels: Iterable[str] = ()) -> Gauge:
    """A level, added up over the processes that are alive."""
    return Gauge(
        f"schoolchat_{name}", meaning, labels, registry=REGISTRY, multiprocess_mode="livesum"
    )


def counter(name: str, meaning: str, labels: Iterable[str] = ()) -> Counter:
    """A number that only grows."""
    return Counter(f"schoolchat_{name}_total", meaning, labels, registry=REGISTRY)


def histogram(name: str, meaning: str, buckets: Iterable[float] = _SECONDS) -> Histogram:
    """How often a value lay in which range; seconds unless `buckets` says otherwise."""
    return Histogram(f"schoolchat_{name}", meaning, registry=REGISTRY, buckets=tuple(buckets))


class Known[T](dict[str, T]):
    """The counters of a label's known values; every other value counts as `other`."""

    def __missing__(self, _value: str) -> T:
        return self[OTHER]


def known(counted: Counter, *values_of_label: str) -> Known[Counter]:
    """One counter for each of these values, and one for all others."""
    return Known({value: counted.labels(value) for value in (*values_of_label, OTHER)})


class _AllProcesses(Collector):
    """What the processes that share the folder have counted, added up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        found = [str(file) for file in slots.files(self._folder)]
        merged: Any = MultiProcessCollector.merge(found)
        return list(merged)


def exposition() -> bytes:
    """Everything in Prometheus' text format 0.0.4: of all processes that `serve` has started on
    this machine, or else of this process alone."""
    if _folder is None:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    registry.register(_AllProcesses(_folder))
    return generate_latest(registry)
