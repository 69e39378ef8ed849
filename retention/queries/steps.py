"""How long the steps of a disposal last, and when each ends."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from retention.closures import closed_days
from retention.due.calendar import school_days_after
from retention.models import RecordsSettings


def records_settings() -> RecordsSettings:
    """The settings of records; the defaults until somebody has changed one."""
    return RecordsSettings.objects.first() or RecordsSettings()


def objections_end(proposed_at: datetime) -> datetime:
    """The midnight after the last school day on which owners may object; at once, where none is."""
    found = records_settings()
    if not found.object_days:
        return proposed_at
    last = school_days_after(
        timezone.localdate(proposed_at),
        found.object_days,
        nation=settings.LOOK.nation,
        closed=closed_days(found.closed),
    )
    return timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))


def cooling_ends(approved_at: datetime) -> datetime:
    """When what is approved now may be carried out."""
    return approved_at + timedelta(days=records_settings().cool_days)


def approval_lapses(approved_at: datetime) -> datetime:
    """When an approval of now is worth nothing any more."""
    return approved_at + timedelta(days=records_settings().expire_days)
