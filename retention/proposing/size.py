"""How much a proposal is, beside the number of its messages."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection

_SIZE = (Path(__file__).resolve().parent.parent / "sql" / "size.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Size:
    """Bytes of sealed versions and files, and the days (UTC) between which it was sent.

    Of what is not held alone; a file counts though another message may refer to it.
    """

    bytes: int
    first_day: date | None
    last_day: date | None


def size_of(disposal: int) -> Size:
    """Measure a proposal that has been written down."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZE, {"disposal": disposal})
        size, first, last = cursor.fetchone()
    return Size(bytes=size, first_day=first, last_day=last)
