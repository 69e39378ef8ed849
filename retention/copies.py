"""When the copies of the keyring from before a disposal have ended, as far as was seen.

`backup` takes old copies away and says so here, of each place by itself: whoever changes the folder
or takes turns between two has copies in both. Where nobody backs up nothing is seen, and no
certificate says that the copies have ended.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max, QuerySet

from audit.clock import now
from retention.models import Certificate, CopiesEnded, KeyringCopy


def copies_kept() -> timedelta:
    """How long copies of the keyring of before a disposal are kept."""
    return timedelta(days=settings.BACKUPS.keyring_days)


def note_copies(place: UUID, times: set[datetime]) -> None:
    """Write down that copies of these times are in a place, or are about to be."""
    known = KeyringCopy.objects.filter(place=place, at__in=times).values_list("at", flat=True)
    KeyringCopy.objects.bulk_create(
        KeyringCopy(place=place, at=at) for at in sorted(times.difference(known))
    )


def note_copies_ended(place: UUID, *, before: datetime) -> None:
    """Write down that just now no copy from before that moment was left in a place."""
    CopiesEnded.objects.create(place=place, before=before)


def copies_ended_at(certificate: Certificate) -> datetime | None:
    """When it was first seen that the copies from before a certificate were gone from every place
    that got one; None so far."""
    issued_at = certificate.issued_at
    copies = KeyringCopy.objects.filter(at__lte=issued_at).values("place").annotate(last=Max("at"))
    seen = [_seen(CopiesEnded.objects.filter(before__gte=issued_at))]
    for place, last in copies.values_list("place", "last"):
        seen.append(_seen(CopiesEnded.objects.filter(place=place, before__gt=last)))
    times = [at for at in seen if at is not None]
    return max(times) if len(times) == len(seen) else None


def _seen(rows: QuerySet[CopiesEnded]) -> datetime | None:
    return rows.order_by("at").values_list("at", flat=True).first()


def overdue_copies() -> int:
    """How many certificates named a day by which the copies end, which nobody has seen them do."""
    waiting = Certificate.objects.filter(supersedes=None, superseded_by=None)
    late = waiting.filter(issued_at__lte=now() - copies_kept())
    return sum(copies_ended_at(one) is None for one in late)
