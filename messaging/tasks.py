"""The jobs of messaging: one line each, they call a named function."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from audit.clock import month_of
from messaging.files.checking import check_waiting
from messaging.ingest.waiting import post_due
from messaging.nudges.counting import enter_days
from messaging.own_upkeep import drop_old
from messaging.search.pending import flush_written
from messaging.search.rebuild import pack_months, rebuild, renew_month
from messaging.search.wholeness import lacking
from messaging.search.words import compact_vocabularies
from messaging.services.uploads import drop_expired

#: Two at once would wait for each other row by row, each in one of the worker's few places.
_COMPACTING = "compact_search"


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="compact_vocabularies", lock=_COMPACTING, pass_context=False)
def compact_search(timestamp: int) -> None:
    """Replace the many small rows of each vocabulary by one."""
    compact_vocabularies()


# Some hundred commits a second append as many rows, and a search by prefix opens each of them.
@app.periodic(cron="* * * * *")
@app.task(queueing_lock="compact_busy_search", lock=_COMPACTING, pass_context=False)
def compact_busy_search(timestamp: int) -> None:
    """The same for the vocabularies that have grown by very many since a minute ago."""
    compact_vocabularies(rows=1_000)


# Every ten seconds: at ten thousand messages a second that is 20 MB of a list that may hold 128.
@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="flush_search", priority=1, pass_context=False)
def flush_search(timestamp: int) -> None:
    """Move fresh tokens into the indexes of the months that they were written to."""
    flush_written()


@app.periodic(cron="37 4 * * 0")
@app.task(queueing_lock="check_search", pass_context=False)
def check_search(timestamp: int) -> None:
    """Build the months of the search anew that do not hold all they must."""
    rebuild(lacking())


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="pack_search", pass_context=False)
def pack_search(timestamp: int) -> None:
    """Pack the indexes of the months that are over, where fresh tokens have left them too large."""
    pack_months(before=month_of(datetime.fromtimestamp(timestamp, UTC)))


# A month at a time and at night: whoever posts into that very month waits meanwhile.
@app.periodic(cron="*/5 0-5 * * *")
@app.task(queueing_lock="renew_search", lock="renew_search", pass_context=False)
def renew_search(timestamp: int) -> None:
    """Index a month anew that an earlier version of SchoolChat made words of."""
    renew_month()


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="drop_old_own", pass_context=False)
def drop_old_own(timestamp: int) -> None:
    """Take away what people have not touched for thirty days of what they keep for themselves."""
    drop_old()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="check_files", lock="check_files", pass_context=False)
def check_files(timestamp: int) -> None:
    """Check the files that wait: the scanner was away, or who was checking is gone."""
    check_waiting()


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="drop_uploads", pass_context=False)
def drop_uploads(timestamp: int) -> None:
    """Give up the files that were not sent within a day."""
    drop_expired()


@app.periodic(cron="21 1 * * *")
@app.task(queueing_lock="enter_nudges", pass_context=False)
def enter_nudges_of_days(timestamp: int) -> None:
    """Enter in the log how often something was pointed out on the days that are over."""
    enter_days()


# Two at once would do no harm: each text is locked and posted once. They would only wait.
@app.periodic(cron="* * * * *")
@app.task(queueing_lock="post_due", lock="post_due", priority=1, pass_context=False)
def post_waiting_texts(timestamp: int) -> None:
    """Send the texts whose time has come."""
    post_due()
