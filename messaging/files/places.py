"""Where the sealed bytes of files stand: a folder, or S3-compatible storage.

Both keep one promise: what `put` has returned for is there whole, after a power cut too, and what
it has not returned for is not there at all. Nothing here can read what it keeps.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from messaging.files.bucket import Bucket
from messaging.files.folder import Folder
from messaging.files.lost_ways import PlaceAway, PlaceFull

__all__ = ["ObjectStore", "PlaceAway", "PlaceFull", "place"]


class ObjectStore(Protocol):
    """Objects under names that the caller chose: a UUID, and perhaps a dot and a word behind it.

    Everything but `ready` raises PlaceAway when the storage does not answer as it should.
    """

    def put(self, name: str, chunks: Iterable[bytes]) -> None:
        """Keep an object, in the place of what stood there; raises PlaceFull without room."""

    def get(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Its bytes from `start` up to but without `end`; raises FileNotFoundError."""

    def delete(self, name: str) -> None:
        """Take it out; one that is not there is no error."""

    def exists(self, name: str) -> bool:
        """Whether it is there."""

    def ready(self) -> bool:
        """Whether an object could be put there now."""


def place() -> ObjectStore:
    """The one that the school has chosen, made once a process."""
    return _place(settings.FILES.place)


@cache
def _place(chosen: Any) -> ObjectStore:
    return Folder(chosen) if isinstance(chosen, Path) else Bucket(**asdict(chosen))
