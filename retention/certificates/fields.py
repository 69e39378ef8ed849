"""Values of a certificate's document that stand in several of its parts."""

from datetime import date, datetime

from accounts.models import User
from audit.canonical import Json
from audit.clock import iso


def act(person: User | None, at: str | None) -> dict[str, Json]:
    """Who did something and when; SchoolChat itself where nobody did."""
    if person is None:
        return {"by": None, "name": "SchoolChat", "at": at}
    return {"by": str(person.pk), "name": person.display_name, "at": at}


def iso_or_none(at: datetime | None) -> str | None:
    """A moment as the log writes it."""
    return None if at is None else iso(at)


def day_or_none(day: date | None) -> str | None:
    """A day as ISO 8601 has it."""
    return day.isoformat() if day else None
