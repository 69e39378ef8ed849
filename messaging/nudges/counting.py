"""The numbers of days that are over go into the log."""

from django.utils import timezone

from messaging.nudges.models import NudgeCount
from messaging.services.nudges import enter_nudges


def enter_days() -> int:
    """One entry for each day before today that has numbers; returns how many days."""
    over = NudgeCount.objects.filter(day__lt=timezone.localdate())
    days = list(over.order_by("day").values_list("day", flat=True).distinct())
    for day in days:
        enter_nudges(day=day)
    return len(days)
