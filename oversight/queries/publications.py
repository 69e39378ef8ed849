"""Checkpoints that left the building, and what anybody outside may have of the log.

Those who approve and the data protection officer decide whom they are sent to; the governors'
auditor sees all of it and may have one sent. Whoever runs the machines sets up the ways, and sees
and decides none of it. What is published is for everybody: `published_checkpoint` and
`published_tile` start at no viewer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.queries import may
from audit.clock import now
from audit.models import Checkpoint
from audit.origins import Tree, trees
from audit.tiles import read_tile
from audit.tree.tiles import TileError, parse_tile_path
from oversight.errors import NotForCheckpoints, PublicationNotFound, RecipientNotFound
from oversight.models import Delivery, Publication, Recipient

#: Any of these decides whom checkpoints are sent to.
DECIDES: Final = ("read_log_names", "approve_records")
#: Any of these sees what was sent, and may have the newest sent.
SEES: Final = ("read_log", *DECIDES)
#: A day, and time for a server that was away at six.
LATEST: Final = timedelta(hours=26)


@dataclass(frozen=True, kw_only=True)
class Outside:
    """A recipient, what reached them last, and whether that is too long ago."""

    recipient: Recipient
    last: datetime | None
    missing: bool


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """How far one delivery is, in words; `tone` is good, warn, bad or empty."""

    who: str
    said: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A publication as a page shows it."""

    publication: Publication
    arrivals: list[Arrival]


def check_sees(viewer: User) -> None:
    """Raises NotForCheckpoints for whoever has nothing to do with them."""
    if not may(viewer, *SEES):
        raise NotForCheckpoints


def decides(viewer: User) -> bool:
    """Whether the viewer says whom checkpoints are sent to."""
    return may(viewer, *DECIDES)


def publications_for(viewer: User) -> QuerySet[Publication]:
    """All of them with their deliveries, newest first."""
    check_sees(viewer)
    sent = Delivery.objects.select_related("recipient").order_by("recipient__number")
    found = Publication.objects.select_related("checkpoint", "asked_by")
    return found.prefetch_related(Prefetch("deliveries", sent)).order_by("-number")


def publication_for(viewer: User, uid: UUID) -> Publication:
    """One of them, or PublicationNotFound."""
    found = publications_for(viewer).filter(uid=uid).first()
    if found is None:
        raise PublicationNotFound
    return found


def rows_of(publications: Iterable[Publication]) -> list[Row]:
    """Publications with what became of each delivery."""
    return [
        Row(publication=one, arrivals=[_arrival(sent) for sent in one.deliveries.all()])
        for one in publications
    ]


def recipient_for(viewer: User, uid: UUID) -> Recipient:
    """A present recipient, for whoever decides; RecipientNotFound otherwise."""
    found = recipients().filter(uid=uid).first() if decides(viewer) else None
    if found is None:
        raise RecipientNotFound
    return found


def outside_for(viewer: User, at: datetime | None = None) -> list[Outside]:
    """The present recipients, and how it stands with each."""
    check_sees(viewer)
    late = set(missing_deliveries(at or now()).values_list("recipient", flat=True))
    found = recipients().annotate(last=Max("deliveries__delivered_at")).order_by("number")
    return [Outside(recipient=one, last=one.last, missing=one.pk in late) for one in found]


def recipients() -> QuerySet[Recipient]:
    """Those who are sent checkpoints now."""
    return Recipient.objects.filter(removed_at=None)


def newcomers() -> QuerySet[Recipient]:
    """Recipients to whom nothing was ever sent."""
    return recipients().filter(deliveries=None)


def newest_publication() -> Publication | None:
    """The newest by time."""
    return Publication.objects.order_by("-number").first()


def missing_deliveries(at: datetime) -> QuerySet[Delivery]:
    """For each present recipient, the newest delivery that has not arrived after 26 hours; none
    where a newer one has.
    """
    overdue = Delivery.objects.filter(publication__at__lt=at - LATEST, recipient__removed_at=None)
    newer = Delivery.objects.filter(
        state=Delivery.State.DELIVERED,
        recipient=OuterRef("recipient"),
        publication__gt=OuterRef("publication"),
    )
    missing = overdue.exclude(state=Delivery.State.DELIVERED).exclude(Exists(newer))
    return missing.order_by("recipient", "-publication").distinct("recipient")


def silent_since(at: datetime) -> Publication | None:
    """The last publication, where nothing at all was published in the 26 hours after it."""
    newest = newest_publication()
    return newest if newest and newest.at < at - LATEST else None


def is_published(checkpoint: Checkpoint) -> bool:
    """Whether this head was let out already."""
    return Publication.objects.filter(checkpoint=checkpoint).exists()


def published_checkpoint() -> Checkpoint | None:
    """The newest head that was let out. Of those that were not, nobody outside learns anything, so
    that nobody can watch how busy the school is.
    """
    newest = Publication.objects.order_by("-checkpoint__origin", "-checkpoint__size")
    found = newest.select_related("checkpoint").first()
    return found.checkpoint if found else None


def published_tile(path: str) -> bytes | None:
    """The tile at a C2SP path (`tile/0/000.p/7`), if the newest published head covers all of it."""
    checkpoint = published_checkpoint()
    if checkpoint is None:
        return None
    tree = next(tree for tree in trees() if tree.origin == checkpoint.origin)
    return tile_below(checkpoint, tree, path)


def tile_below(head: Checkpoint, tree: Tree, path: str) -> bytes | None:
    """The tile at a C2SP path, if this head of the tree covers all of it.

    A partial tile may have any width: it is the beginning of what is public as a longer one.
    """
    try:
        place = parse_tile_path(path)
    except TileError:
        return None
    return read_tile(replace(tree, size=min(head.size, tree.size)), place)


def due_deliveries(at: datetime, rests: Iterable[timedelta]) -> list[Delivery]:
    """Those that may be tried now: never tried yet, or rested long enough since the last time.

    `rests` are the pauses after the first try, the second and so on; the last one counts on.
    """
    pauses = list(rests)
    waiting = Delivery.objects.filter(
        state=Delivery.State.WAITING, recipient__removed_at=None
    ).select_related("publication__checkpoint", "recipient")
    return [one for one in waiting.order_by("id") if _may_be_tried(one, at, pauses)]


def _may_be_tried(delivery: Delivery, at: datetime, pauses: list[timedelta]) -> bool:
    if delivery.last_tried_at is None:
        return True
    pause = pauses[min(delivery.tries, len(pauses)) - 1]
    return delivery.last_tried_at + pause <= at


def _arrival(delivery: Delivery) -> Arrival:
    said, tone = _in_words(delivery)
    return Arrival(who=delivery.recipient.name, said=said, tone=tone)


def _in_words(delivery: Delivery) -> tuple[str, str]:
    tries, why = delivery.tries, delivery.get_error_display()
    if delivery.delivered_at:
        return _("Arrived %(at)s") % {"at": _time(delivery.delivered_at)}, "good"
    if delivery.recipient.removed_at:
        return _("Not sent: taken off the list"), ""
    if delivery.state == Delivery.State.FAILED:
        said = ngettext(
            "Given up; tried once: %(why)s", "Given up; tried %(tries)d times: %(why)s", tries
        )
        return said % {"tries": tries, "why": why}, "bad"
    if tries:
        said = ngettext(
            "Tried once: %(why)s. It is tried again",
            "Tried %(tries)d times: %(why)s. It is tried again",
            tries,
        )
        return said % {"tries": tries, "why": why}, "warn"
    return _("On its way"), ""


def _time(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j M, H:i")
