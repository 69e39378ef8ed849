"""The one clock of the record: UTC, whole milliseconds, as the protocol prints it."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

_KEPT: Final = 4_096
"""Times kept as text: one is printed again in every frame, seal and entry of its batch."""


def now() -> datetime:
    """The present time in UTC, cut to milliseconds so that what is printed is what is stored."""
    return truncated(datetime.now(UTC))


def truncated(at: datetime) -> datetime:
    """`at` in UTC without its microseconds below a millisecond."""
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def iso(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`."""
    # Elsewhere than in UTC two different times can be equal: those of the hour that comes twice.
    return _iso(at) if at.tzinfo is UTC else _printed(at)


def _printed(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


_iso: Final = lru_cache(_KEPT)(_printed)


def month_of(at: datetime) -> date:
    """The first day of the UTC month in which `at` lies: the month of its keys and index."""
    at = at.astimezone(UTC)
    return date(at.year, at.month, 1)
