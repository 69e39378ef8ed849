"""Answers at even times, so that how long a search took says nothing of what nobody may know.

A frequent word that stands only in channels out of reach takes the index some milliseconds longer
than one that stands nowhere: its rows are looked at before they are left out. So an answer leaves
at the next beat after it is ready, whatever was found.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Final

from messaging.search.scope import Scope

BEAT_SECONDS: Final = 0.1
"""From one beat to the next. Nearly every member's search is ready before the first."""
_AWAKE_SECONDS: Final = 0.0005
"""Before the beat nobody sleeps: how late one wakes depends on how long one slept."""


@contextmanager
def at_a_beat(scope: Scope) -> Iterator[None]:
    """Let this block end at a beat after its beginning, where a channel is out of reach."""
    began = monotonic()
    try:
        yield
    finally:
        if not scope.reaches_all:
            _wait(-(monotonic() - began) % BEAT_SECONDS)


def _wait(seconds: float) -> None:
    ends = monotonic() + seconds
    sleep(max(seconds - _AWAKE_SECONDS, 0))
    while monotonic() < ends:
        pass
