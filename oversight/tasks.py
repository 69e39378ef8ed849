"""The jobs of oversight: one line each, they call a named function."""

from procrastinate.contrib.django import app

from oversight.workers.clock import check_clock, look_for_steps
from oversight.workers.delivering import deliver_waiting
from oversight.workers.journal import look_at_journal
from oversight.workers.publishing import publish_when_due
from oversight.workers.stamping import stamp_published
from oversight.workers.telling import tell_of_alerts
from oversight.workers.verifying import verify_tonight, verify_waiting
from oversight.workers.watching import watch

#: One at a time, so that a checkpoint is stamped before it is sent wherever that is possible.
_SENDING = "checkpoints"


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="publish_checkpoints", lock=_SENDING, pass_context=False)
def publish_checkpoints(timestamp: int) -> None:
    """Let the day's checkpoint out when it is time, and notice what has not arrived."""
    publish_when_due()


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="stamp_checkpoints", lock=_SENDING, priority=1, pass_context=False)
def stamp_checkpoints(timestamp: int) -> None:
    """Have what was let out stamped by the authority, if there is one."""
    stamp_published()


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="deliver_checkpoints", lock=_SENDING, pass_context=False)
def deliver_checkpoints(timestamp: int) -> None:
    """Send what waits to be sent."""
    deliver_waiting()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="watch", pass_context=False)
def watch_for_alerts(timestamp: int) -> None:
    """Look whether something on record asks for attention."""
    watch()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tell_of_alerts", lock="alerts", pass_context=False)
def tell(timestamp: int) -> None:
    """Send what those who answer alerts were not told of yet."""
    tell_of_alerts()


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="check_clock", pass_context=False)
def check_the_clock(timestamp: int) -> None:
    """Enter what the kernel says of its clock."""
    check_clock()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="look_at_the_clock", pass_context=False)
def look_at_the_clock(timestamp: int) -> None:
    """Notice when the clock was set."""
    look_for_steps()


@app.task(pass_context=False)
def verify_log() -> None:
    """What somebody has just asked for."""
    verify_waiting()


# Also for what a worker left lying that was stopped.
@app.periodic(cron="* * * * *")
@app.task(queueing_lock="verify_log_waiting", pass_context=False)
def verify_log_waiting(timestamp: int) -> None:
    """What still waits to be verified, or was interrupted."""
    verify_waiting()


@app.periodic(cron="30 2 * * *")
@app.task(queueing_lock="verify_log_nightly", pass_context=False)
def verify_log_nightly(timestamp: int) -> None:
    """The whole log every night, and a part of the messages."""
    verify_tonight()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="look_at_the_journal", lock="journal", pass_context=False)
def look_at_the_journal(timestamp: int) -> None:
    """Hold the end of the journal against the database."""
    look_at_journal()


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="read_the_journal", lock="journal", pass_context=False)
def read_the_journal(timestamp: int) -> None:
    """The same with every line of it, at night."""
    look_at_journal(whole=True)
