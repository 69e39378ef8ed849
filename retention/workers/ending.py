"""Exports that are over: the server forgets what opens their bundles."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from audit.actions import Action
from audit.clock import now
from audit.services import record
from retention.models import Export

EXPORT_DAYS: Final = 30
"""Days after the decision in which a bundle can be written and its passphrase shown (rules R38)."""


def end_exports() -> int:
    """Destroy the passphrase of each export that was refused, or written and shown, or decided 30
    days ago; returns how many ended. With the next move of the keyring no copy opens it either.

    Runs as the worker, or as the disposer before it destroys.
    """
    return sum(_end(number) for number in _over().values_list("number", flat=True))


def _over() -> QuerySet[Export]:
    ended = now() - timedelta(days=EXPORT_DAYS)
    handed_over = Q(state=Export.State.WRITTEN, passphrase_shown_at__isnull=False)
    late = Q(approved_at__lte=ended)
    over = Export.objects.filter(Q(state=Export.State.REFUSED) | handed_over | late, ended_at=None)
    return over.order_by("number")


@transaction.atomic
def _end(number: int) -> bool:
    changed = (
        _over()
        .filter(number=number)
        .update(ended_at=now(), generation=None, wrapped=None, sealed=None)
    )
    if not changed:
        return False
    export = Export.objects.get(number=number)
    record(Action.EXPORT_ENDED, actor=None, subject=export.uid, number=number)
    return True
