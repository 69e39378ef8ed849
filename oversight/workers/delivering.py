"""Carrying published checkpoints to their recipients, and trying again for a day."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from audit.actions import Action
from audit.clock import now
from audit.services import record
from oversight.models import Delivery
from oversight.queries.publications import LATEST, due_deliveries
from oversight.workers.calling import NotDelivered
from oversight.workers.ways import carry

#: How long to rest after the first try that failed, the second and so on; then the last again.
RESTS: Final = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15, 30, 60, 120, 240))


def deliver_waiting(at: datetime | None = None) -> None:
    """Try what is due. What has not arrived 26 hours after it was published is given up: by then
    the next day's is on its way.
    """
    at = at or now()
    for delivery in due_deliveries(at, RESTS):
        if _claim(delivery, at):
            _try(delivery, at)
    overdue = Delivery.objects.filter(state=Delivery.State.WAITING)
    overdue.filter(publication__at__lt=at - LATEST, tries__gt=0).update(state=Delivery.State.FAILED)


def _claim(delivery: Delivery, at: datetime) -> bool:
    """Whether this try is ours: two workers that saw the same delivery do not both send it."""
    unchanged = Delivery.objects.filter(
        pk=delivery.pk,
        state=Delivery.State.WAITING,
        tries=delivery.tries,
        recipient__removed_at=None,
    )
    return bool(unchanged.update(tries=F("tries") + 1, last_tried_at=at))


def _try(delivery: Delivery, at: datetime) -> None:
    """Outside any transaction: what is sent cannot be taken back. Who is killed before the arrival
    is entered sends it again, which does no harm.
    """
    try:
        carry(delivery.publication, delivery.recipient)
    except NotDelivered as failed:
        Delivery.objects.filter(pk=delivery.pk).update(error=failed.error)
        return
    _enter(delivery, at)


@transaction.atomic
def _enter(delivery: Delivery, at: datetime) -> None:
    waiting = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING)
    arrived = waiting.update(state=Delivery.State.DELIVERED, delivered_at=max(at, now()), error="")
    if arrived:
        record(
            Action.CHECKPOINT_DELIVERED,
            actor=None,
            subject=delivery.recipient.uid,
            size=delivery.publication.checkpoint.size,
            way=delivery.recipient.way,
        )
