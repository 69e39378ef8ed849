"""When the copies of the keyring from before a disposal have ended, as far as was seen.

`backup` takes old copies away and says so here, of each place by itself: whoever changes the folder
or takes turns between two has copies in both. Where nobody backs up nothing is seen, and no
certificate says that the copies have ended. What nobody can see any more, since the place is lost,
two people declare (services/losses.py).
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from audit.clock import now
from retention.models import Certificate, CopiesEnded, KeyringCopy, KeyringPlace, PlaceLoss
from retention.queries.losses import losses_in_force

_ENDS: Final = (Path(__file__).parent / "sql" / "copies_end.sql").read_text(encoding="utf-8")


def copies_kept() -> timedelta:
    """How long copies of the keyring of before a disposal are kept."""
    return timedelta(days=settings.BACKUPS.keyring_days)


def mark_of(place: UUID) -> str:
    """What a place had that no copy of it has, when it was looked into; "" where it was not."""
    marks = KeyringPlace.objects.filter(uid=place).values_list("mark", flat=True)
    return marks.first() or ""


@transaction.atomic
def note_look(place: UUID, *, folder: str, mark: str, times: set[datetime]) -> None:
    """Write down that copies of these times are in a place, or are about to be, and where it is:
    at once, so that nobody takes it for looked into before its copies are known."""
    where = {"folder": folder, "mark": mark, "looked_at": now()}
    lost = PlaceLoss.objects.filter(place=place, state=PlaceLoss.State.APPROVED, found_at=None)
    lost.update(found_at=now())
    if not KeyringPlace.objects.filter(uid=place).update(**where):
        KeyringPlace.objects.create(uid=place, **where)
    known = KeyringCopy.objects.filter(place=place, at__in=times).values_list("at", flat=True)
    KeyringCopy.objects.bulk_create(
        KeyringCopy(place=place, at=at) for at in sorted(times.difference(known))
    )


def note_copies_ended(place: UUID, *, before: datetime) -> None:
    """Write down that just now no copy from before that moment was left in a place."""
    CopiesEnded.objects.create(place=place, before=before)


def forget_looks() -> None:
    """After a restore: what came into the places since the backup is not known before each of them
    was looked into again."""
    KeyringPlace.objects.update(looked_at=None)


def places_unseen() -> int:
    """How many places nobody has looked into since a restore, and nobody has declared lost."""
    return places_with_copies().filter(looked_at=None).count()


def places_with_copies() -> QuerySet[KeyringPlace]:
    """Those in which there are copies as far as is known, and those that nobody has looked into
    since a restore; the one that was looked into longest ago first. None that is declared lost."""
    gone = CopiesEnded.objects.filter(place=OuterRef("place"), before__gt=OuterRef("at"))
    left = KeyringCopy.objects.filter(~Exists(gone), place=OuterRef("uid"))
    found = KeyringPlace.objects.filter(Q(looked_at=None) | Exists(left))
    lost = losses_in_force().values("place")
    return found.exclude(uid__in=lost).order_by(F("looked_at").asc(nulls_first=True), "uid")


def ends_of_copies() -> dict[int, datetime | None]:
    """By the number of each certificate that none stands in place of, when it was first seen that
    the copies from before it were gone from every place that got one; None so far."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDS)
        return dict(cursor.fetchall())


def losses_before(certificate: Certificate) -> list[PlaceLoss]:
    """What was declared of places that copies from before a certificate may have been in when they
    were lost; oldest first."""
    return [one for one in losses_in_force() if not _seen(one.place, certificate.issued_at)]


def _seen(place: KeyringPlace, issued_at: datetime) -> bool:
    """Whether no copy from before was ever there, or all of them were seen to be gone."""
    copies = KeyringCopy.objects.filter(place=place.uid, at__lte=issued_at)
    last = copies.aggregate(last=Max("at"))["last"]
    if last is None:
        return place.looked_at is not None
    return CopiesEnded.objects.filter(place=place.uid, before__gt=last).exists()


def overdue_copies() -> int:
    """How many certificates named a day by which the copies end, which nobody has seen them do."""
    waiting = [number for number, at in ends_of_copies().items() if at is None]
    late = Certificate.objects.filter(number__in=waiting, issued_at__lte=now() - copies_kept())
    return late.count()
