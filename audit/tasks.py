"""The jobs of the ground floor: one line each, they call a named function."""

from procrastinate.contrib.django import app

from audit.journal.shipping import ship_waiting


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ship_journal", lock="journal", pass_context=False)
def ship_journal(timestamp: int) -> None:
    """Bring what has happened out to the journal."""
    ship_waiting()
