"""What may be seen of holds: one is invisible to whom it concerns."""

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.queries import may
from retention.exceptions import NotFound
from retention.models import Hold
from retention.queries.reach import channels_about


def holds_on(viewer: User) -> QuerySet[Hold]:
    """The holds, released ones too, that concern the viewer and are kept from them."""
    return Hold.objects.filter(Q(person=viewer) | channels_about(viewer))


def holds_for(viewer: User) -> QuerySet[Hold]:
    """The holds that the viewer may know of, newest first."""
    if not may(viewer, "use_records"):
        return Hold.objects.none()
    return (
        Hold.objects.exclude(number__in=holds_on(viewer).values("number"))
        .select_related("channel", "person", "placed_by", "released_by")
        .order_by("-number")
    )


def hold_for(viewer: User, number: int) -> Hold:
    """A hold that the viewer may know of, or NotFound."""
    hold = holds_for(viewer).filter(number=number).first()
    if hold is None:
        raise NotFound
    return hold


def may_release(viewer: User, hold: Hold) -> bool:
    """Whether the viewer may be the second person who releases it."""
    if hold.released_at or not may(viewer, "approve_records"):
        return False
    return viewer.pk != hold.placed_by_id and holds_for(viewer).filter(pk=hold.pk).exists()
