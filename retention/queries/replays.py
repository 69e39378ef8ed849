"""What may be seen of what a restore disposed of again, or could not know."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from accounts.queries import may
from messaging.models import Channel, Membership
from retention.models import Replay


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
