"""The jobs of retention: one line each, they call a named function."""

from datetime import date
from typing import Final
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from retention.showing_again import show_what_is_undue
from retention.workers.announcing import announce_rules
from retention.workers.ending import end_exports
from retention.workers.matching import match_open_holds
from retention.workers.proposing import propose_tonight
from retention.workers.reindexing import reindex_months, reindex_reclassed
from retention.workers.reminding import remind_owners


@app.periodic(cron="11 7 * * *")
@app.task(queueing_lock="remind_owners", pass_context=False)
def remind_owners_of_holds(timestamp: int) -> None:
    """Remind owners of the holds that wait to be looked at again."""
    remind_owners()


@app.periodic(cron="23 2 * * *")
@app.task(queueing_lock="end_exports", pass_context=False)
def end_exports_that_are_over(timestamp: int) -> None:
    """Forget the passphrases of exports that were handed over, refused, or left for 30 days."""
    end_exports()


#: After 4 seconds, 16, 64 and so on for an hour or so: a database that is away comes back.
_AGAIN: Final = RetryStrategy(max_attempts=6, exponential_wait=4)


@app.task(retry=_AGAIN, pass_context=False)
def announce() -> None:
    """Tell channels that they are kept otherwise."""
    announce_rules()


@app.task(retry=_AGAIN, pass_context=False)
def reindex_channels() -> None:
    """The search of channels that were given another class."""
    reindex_reclassed()


# What that job has left, since it failed too often or its worker was killed.
@app.periodic(cron="43 * * * *")
@app.task(queueing_lock="reindex_left", pass_context=False)
def reindex_left(timestamp: int) -> None:
    """The search of channels that were given another class and have not been followed."""
    reindex_reclassed()


@app.task(lock="match_holds", pass_context=False)
def match_holds() -> None:
    """What the words of a hold that was just placed are found in."""
    match_open_holds()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="match_what_entered", lock="match_holds", pass_context=False)
def match_what_entered(timestamp: int) -> None:
    """The same for what has entered since, or was interrupted."""
    match_open_holds()


@app.task(pass_context=False, retry=5)
def index_months(channel: str, months: list[str]) -> None:
    """The search of what came back into view."""
    reindex_months(UUID(channel), [date.fromisoformat(month) for month in months])


@app.periodic(cron="53 * * * *")
@app.task(queueing_lock="show_undue", pass_context=False)
def show_undue(timestamp: int) -> None:
    """Bring back into view what a concern that was closed, a later leaving date, or a job that was
    killed has left neither held nor due."""
    show_what_is_undue()


@app.periodic(cron="47 * * * *")
@app.task(queueing_lock="announce_left", pass_context=False)
def announce_left(timestamp: int) -> None:
    """Tell channels that they are kept otherwise, where that job was killed."""
    announce_rules()


@app.periodic(cron="23 5 * * *")
@app.task(queueing_lock="propose_disposals", lock="propose_disposals", pass_context=False)
def propose_what_is_due(timestamp: int) -> None:
    """Propose what has become due with a new month, and let old approvals lapse."""
    propose_tonight()
