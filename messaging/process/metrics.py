"""What this process counts of itself, for `/metrics`: no content, no person, no channel.

docs/reference/metrics.md lists it all. Counting takes about a microsecond: it is done once a batch
or a frame, never once a delivery.
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

from messaging.process import slots

#: What is none of the known values of a label counts as this, so that no client makes new ones.
OTHER: Final = "other"
_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_MESSAGES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)

_folder: Final = Path(os.environ[slots.VARIABLE]) if slots.VARIABLE in os.environ else None
if _folder is not None:
    _number = slots.take(_folder)
    values.ValueClass = values.MultiProcessValue(lambda: _number)
disable_created_metrics()

REGISTRY: Final = CollectorRegistry()


def _gauge(name: str, meaning: str, labels: Iterable[str] = ()) -> Gauge:
    return Gauge(
        f"schoolchat_{name}", meaning, labels, registry=REGISTRY, multiprocess_mode="livesum"
    )


def _counter(name: str, meaning: str, labels: Iterable[str] = ()) -> Counter:
    return Counter(f"schoolchat_{name}_total", meaning, labels, registry=REGISTRY)


def _histogram(name: str, meaning: str, buckets: Iterable[float] = _SECONDS) -> Histogram:
    return Histogram(f"schoolchat_{name}", meaning, registry=REGISTRY, buckets=tuple(buckets))


SOCKETS: Final = _gauge("sockets", "Websockets of signed-in people that are open.")
HANDSHAKES: Final = _counter("handshakes", "Websockets that were opened, signed in or not.")
FRAMES: Final = _counter("frames", "Frames that clients sent.", ["type"])
ERRORS: Final = _counter("errors", "Frames that were answered with an error.", ["code"])
CLOSED: Final = _counter("closed", "Websockets that the server closed.", ["code"])
BEHIND: Final = _counter("behind", "Times that a slow reader was told to fetch a channel.")
DELIVERIES: Final = _counter("deliveries", "Live frames of channels written to a socket.")
QUEUED: Final = _gauge("queue_length", "What waited when a queue was last looked at.", ["queue"])
BATCH: Final = _histogram("batch_messages", "Messages committed together.", _MESSAGES)
COMMIT_SECONDS: Final = _histogram("commit_seconds", "From taking a batch to its commit.")
DELIVERY_SECONDS: Final = _histogram(
    "delivery_seconds", "From a message's arrival to its writing to the sockets of its process."
)
BELL_SECONDS: Final = _histogram("doorbell_seconds", "From ringing a bell to hearing it.")


class Known[T](dict[str, T]):
    """The counters of a label's known values; every other value counts as `other`."""

    def __missing__(self, _value: str) -> T:
        return self[OTHER]


def _known(counter: Counter, *known: str) -> Known[Counter]:
    return Known({value: counter.labels(value) for value in (*known, OTHER)})


FRAMES_BY_TYPE: Final = _known(
    FRAMES, "hello", "send", "edit", "delete", "react", "pin", "read", "typing", "fetch", "ping"
)
ERRORS_BY_CODE: Final = _known(
    ERRORS,
    "bad_frame",
    "unknown_type",
    "not_a_member",
    "read_only",
    "not_found",
    "too_long",
    "too_fast",
    "empty",
    "blocked_by_policy",
    "refused",
    "unavailable",
)
CLOSED_BY_CODE: Final = _known(CLOSED, "1009", "1012", "1013", "4401", "4403", "4408")
QUEUED_BY_NAME: Final = {queue: QUEUED.labels(queue) for queue in ("ingest", "reads", "moods")}


class _AllProcesses(Collector):
    """What the processes that share the folder have counted, added up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        found = [str(file) for file in slots.files(self._folder)]
        merged: Any = MultiProcessCollector.merge(found)
        return list(merged)


def exposition() -> bytes:
    """Everything in Prometheus' text format 0.0.4: of all web processes that `serve` has started
    on this machine, or else of this process alone."""
    if _folder is None:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    registry.register(_AllProcesses(_folder))
    return generate_latest(registry)
