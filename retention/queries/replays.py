"""What may be seen of what a restore disposed of again, or could not know."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.queries import may
from messaging.models import Channel, Membership
from retention.certificates.signing import Signed
from retention.exceptions import NotFound
from retention.models import LostCertificate, Replay
from retention.queries.disposals import certificates_for
from retention.queries.holds import holds_on


@dataclass(kw_only=True)
class ReplayedBatch:
    """The chunks of one disposal of which the journal says the same; `at` is of the newest.

    `messages` are those that were destroyed again; of an unclear one, those that it names.
    """

    number: int
    record_class: str
    is_unclear: bool
    at: datetime
    messages: int = 0


def replays_for(viewer: User) -> list[ReplayedBatch]:
    """What a restore made of the journal, unclear ones first, newest disposals first.

    Chunks of channels about the viewer are left out, and so is all that was held: it would tell of
    the hold.
    """
    if not may(viewer, "use_records"):
        return []
    mine = Membership.objects.filter(person=viewer, channel__kind="direct").values("channel")
    about = Channel.objects.filter(subjects__person=viewer).values("id")
    shown = Replay.objects.exclude(Q(channel__in=mine) | Q(channel__in=about) | Q(due=[]))
    found: dict[tuple[int, bool], ReplayedBatch] = {}
    for row in shown.order_by("-number", "-line").defer("held", "out_of_view", "spared"):
        is_unclear = row.kind == Replay.Kind.UNCLEAR
        batch = found.setdefault(
            (row.number, is_unclear),
            ReplayedBatch(
                number=row.number,
                record_class=row.record_class,
                is_unclear=is_unclear,
                at=row.at,
            ),
        )
        batch.messages += len(row.due) if is_unclear else row.destroyed
    return sorted(found.values(), key=lambda batch: (not batch.is_unclear, -batch.number))


def lost_certificates_for(viewer: User) -> QuerySet[LostCertificate]:
    """Those of after the backup that was restored, newest first. To whom a hold is on, none that
    may be of nothing but what is held."""
    if not may(viewer, "use_records"):
        return LostCertificate.objects.none()
    shown = LostCertificate.objects.order_by("-number")
    return shown.filter(document__messages__gt=0) if holds_on(viewer).exists() else shown


def signed_for(viewer: User, number: int) -> Signed:
    """A certificate as it was signed, also where a restore knows nothing else of it; NotFound."""
    found = certificates_for(viewer).filter(number=number).first()
    if found:
        return found.signed
    lost = lost_certificates_for(viewer).filter(number=number, document__isnull=False).first()
    if lost is None:
        raise NotFound
    return Signed(document=lost.document or {}, signature=bytes(lost.signature or b""))
