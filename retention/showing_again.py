"""Bringing back into view what a hold alone kept, when it is neither held nor due any more.

With whatever can make it so: a release, a rule put in force, another class or date of a channel,
and that the words of a hold do not stand in it. A leaving date is entered where accounts are kept,
and a concern or request ends where it is worked on, so that a job follows them within the hour.
"""

from typing import Final

from django.db import connection, transaction
from procrastinate.contrib.django import app

from messaging import bell

#: By its name: that module calls the workers, and they call this one.
_INDEX_MONTHS: Final = "retention.tasks.index_months"


@transaction.atomic
def show_again() -> int:
    """Within the transaction of whatever made it so; returns how many messages came back.

    Everybody reads their channels anew. The search follows in a job.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT channel, reached, months, shown FROM retention_show_again()")
        found = cursor.fetchall()
    if found:
        bell.ring(*((channel, reached) for channel, reached, _, _ in found))
    for channel, _, months, _ in found:
        job = app.configure_task(_INDEX_MONTHS)
        job.defer(channel=str(channel), months=[month.isoformat() for month in months])
    return sum(shown for *_, shown in found)


@transaction.atomic
def show_what_is_undue() -> int:
    """The same for a worker, which looks often and seldom finds any: while nothing is found, nobody
    who destroys or holds waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM retention_undue)")
        ((found,),) = cursor.fetchall()
    return show_again() if found else 0
