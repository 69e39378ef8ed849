"""The jobs of accounts: one line each, they call a named function."""

from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.services.people import deactivate_leavers


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="deactivate_leavers")
def close_leavers(timestamp: int) -> None:
    """Close accounts on the day after their leaving date."""
    deactivate_leavers(today=timezone.localdate())
