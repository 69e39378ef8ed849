"""Days as the school counts them."""

from datetime import date, datetime, time

from django.utils import timezone


def start_of(day: date) -> datetime:
    """Midnight at school."""
    return timezone.make_aware(datetime.combine(day, time.min))
