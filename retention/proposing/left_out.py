"""What a proposal leaves out of what is old enough, and why. What is held is told elsewhere."""

from collections import Counter
from pathlib import Path

from django.db import connection

from retention.proposing.due import Due

_SQL = (Path(__file__).resolve().parent.parent / "sql" / "left_out.sql").read_text(encoding="utf-8")


def left_out(due: Due) -> dict[str, int]:
    """By reason, the messages that the class alone would have had disposed of."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"record_class": due.record_class, "today": due.today})
        rows = cursor.fetchall()
    found: Counter[str] = Counter()
    for reason, messages in rows:
        found[reason] += messages
    return {reason: messages for reason, messages in found.items() if messages}
