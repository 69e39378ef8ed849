"""Which record class each channel of a synthetic history has: all routine, or the demo's mix."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from schoolchat.demo.channels import ALL
from schoolchat.synthetic.plan import shares

DIRECT: Final = "direct"


def demo_mix() -> dict[str, float]:
    """How much of what the demonstration's people write is of each class; adds up to 1."""
    pace: Counter[str] = Counter()
    for channel in ALL:
        pace[DIRECT if channel.kind == "direct" else channel.record_class] += channel.pace  # type: ignore[assignment]
    total = sum(pace.values())
    return {record_class: part / total for record_class, part in pace.items()}


def spread(mix: Mapping[str, float], channels: int) -> tuple[str, ...]:
    """A class for each channel, so that its messages come close to the mix: each channel, from the
    busiest on, goes to the class that lacks most of its part."""
    lacks = dict(mix)
    found = []
    bounds = shares(channels)
    for before, after in zip([0.0, *bounds], bounds, strict=False):
        chosen = max(lacks, key=lacks.__getitem__)
        lacks[chosen] -= (after - before) / bounds[-1]
        found.append(chosen)
    return tuple(found)
