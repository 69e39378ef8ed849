"""The one clock of the record: UTC, whole milliseconds, as the protocol prints it."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """The present time in UTC, cut to milliseconds so that what is printed is what is stored."""
    return truncated(datetime.now(UTC))


def truncated(at: datetime) -> datetime:
    """`at` in UTC without its microseconds below a millisecond."""
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def iso(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def month_of(at: datetime) -> date:
    """The first day of the UTC month in which `at` lies: the month of its keys and index."""
    return at.astimezone(UTC).date().replace(day=1)
