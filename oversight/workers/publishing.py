"""Letting checkpoints out by the clock, and noticing what has not gone out."""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from audit.checkpoints import newest_checkpoint
from audit.clock import now
from oversight.models import Alert, AlertKind, Publication
from oversight.queries.publications import (
    missing_deliveries,
    newcomers,
    newest_publication,
    silent_since,
)
from oversight.services.alerts import raise_alert
from oversight.services.publications import publish

#: When the day's checkpoint goes out, by the school's clock.
HOUR: Final = 6
_DAY: Final = timedelta(days=1)


def publish_when_due(at: datetime | None = None) -> None:
    """The day's checkpoint from six o'clock on, and at once the log's first and a newcomer's first.

    Asked every few minutes, so that a server which was away at six makes up for it.
    """
    at = at or now()
    notice_missing(at)
    if newest_publication() is None:
        publish(by=None, reason=Publication.Reason.FIRST)
    elif not _had_its_day(at):
        publish(by=None, reason=Publication.Reason.DAILY)
    if newcomers().exists():
        publish(by=None, reason=Publication.Reason.FIRST)


def notice_missing(at: datetime) -> None:
    """An alert about what did not arrive, and about a day on which nothing was let out at all, as
    when no new head is signed. While it lasts there is one a day.
    """
    late = [delivery.publication for delivery in missing_deliveries(at)]
    last = silent_since(at)
    for publication in {*late, *([last] if last else [])}:
        if not _alerted_lately(publication, at):
            raise_alert(kind=AlertKind.DELIVERY_MISSING, about=publication.uid)


def _alerted_lately(publication: Publication, at: datetime) -> bool:
    """Somebody who has looked into it is not asked again at once."""
    alerts = Alert.objects.filter(kind=AlertKind.DELIVERY_MISSING, about=publication.uid)
    return alerts.filter(raised_at__gt=at - _DAY).exists()


def _had_its_day(at: datetime) -> bool:
    """Whether a checkpoint went out by itself since the last six o'clock.

    One of before a declared restore does not count: the log has a new name since.
    """
    newest = newest_checkpoint()
    if newest is None:
        return False
    made = Publication.objects.filter(at__gte=_last_six(at), checkpoint__origin=newest.origin)
    return made.exclude(reason=Publication.Reason.ASKED).exists()


def _last_six(at: datetime) -> datetime:
    local = timezone.localtime(at)
    six = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return six if six <= local else six - _DAY
