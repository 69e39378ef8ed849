"""The search of channels that were given another record class, moved to its tables."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date
from uuid import UUID

from django.db import transaction
from django.db.models.functions import TruncMonth

from audit.clock import now
from messaging.models import Channel, Message
from messaging.search.domains import Place, place_of
from messaging.search.rebuild import rebuild
from retention.models import Reclassing


def reindex_reclassed() -> int:
    """Index anew where a channel was and where it is; returns the changes that were waiting.

    Both places go together, month by month, so that a text is always found, and once. It may be
    ended at any time and goes on when it is called again, which a job does every hour. A disposal
    does it first, too: it removes tokens only where the channel's class has them.
    """
    changes = Reclassing.objects.filter(reindexed_at=None).order_by("id")
    waiting = list(changes.select_related("channel"))
    for change in waiting:
        rebuild(_months(change))
        with transaction.atomic():
            Reclassing.objects.filter(pk=change.pk).update(reindexed_at=now())
    return len(waiting)


def reindex_months(channel: UUID, months: Iterable[date]) -> None:
    """Index some months of a channel anew, where it is."""
    place = place_of(Channel.objects.get(pk=channel))
    rebuild([(place, month) for month in months])


def _months(change: Reclassing) -> set[tuple[Place, date]]:
    present = place_of(change.channel)
    places = (replace(present, record_class=change.former), present)
    return {(place, month) for place in places for month in _months_of(change.channel)}


def _months_of(channel: Channel) -> list[date]:
    months = Message.objects.filter(channel=channel).order_by()
    found = months.values_list(TruncMonth("sent_at", tzinfo=UTC), flat=True).distinct()
    return [at.date() for at in found]
