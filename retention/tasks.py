"""The jobs of retention: one line each, they call a named function."""

from procrastinate.contrib.django import app

from retention.workers.reindexing import reindex_reclassed


@app.task(pass_context=False)
def reindex_channels() -> None:
    """The search of channels that were given another class."""
    reindex_reclassed()
