"""Bringing back into view what a hold alone kept, when it is neither held nor due any more."""

from django.db import connection

from messaging import bell
from retention.tasks import index_months


def show_again() -> int:
    """Within the transaction of whatever ended the hold; returns how many messages came back.

    Everybody reads their channels anew. The search follows in a job.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT channel, reached, months, shown FROM retention_show_again()")
        found = cursor.fetchall()
    if found:
        bell.ring(*((channel, reached) for channel, reached, _, _ in found))
    for channel, _, months, _ in found:
        index_months.defer(channel=str(channel), months=[month.isoformat() for month in months])
    return sum(shown for *_, shown in found)
