"""The jobs of messaging: one line each, they call a named function."""

from procrastinate.contrib.django import app

from messaging.search.words import compact_vocabularies


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="compact_vocabularies", pass_context=False)
def compact_search(timestamp: int) -> None:  # noqa: ARG001  (given to every periodic task)
    """Replace the many small rows of each vocabulary by one."""
    compact_vocabularies()
