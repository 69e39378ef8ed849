"""When the copies of the keyring from before a disposal have ended, as far as was seen.

`backup` takes old copies away and says so here. Where nobody backs up nothing is seen, and no
certificate says that the copies have ended.
"""

from datetime import datetime, timedelta

from django.conf import settings

from audit.clock import now
from retention.models import Certificate, CopiesEnded


def copies_kept() -> timedelta:
    """How long copies of the keyring of before a disposal are kept."""
    return timedelta(days=settings.BACKUPS.keyring_days)


def note_copies_ended(*, before: datetime) -> None:
    """Write down that just now no copy from before that moment was left in the backups."""
    CopiesEnded.objects.create(before=before)


def copies_ended_at(certificate: Certificate) -> datetime | None:
    """When it was first seen that all copies from before a certificate were gone; None so far."""
    seen = CopiesEnded.objects.filter(before__gte=certificate.issued_at)
    return seen.order_by("at").values_list("at", flat=True).first()


def overdue_copies() -> int:
    """How many certificates named a day by which the copies end, which nobody has seen them do."""
    waiting = Certificate.objects.filter(supersedes=None, superseded_by=None)
    late = waiting.filter(issued_at__lte=now() - copies_kept())
    return sum(copies_ended_at(one) is None for one in late)
