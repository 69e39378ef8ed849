"""What may be seen of holds: one is invisible to whom it concerns."""

from datetime import date, datetime

from django.db.models import Min, Q, QuerySet

from accounts.models import User
from accounts.queries import has_role, may
from accounts.roles import Role
from retention.exceptions import NotFound
from retention.models import ExportSubject, Hold, HoldChannel, HoldPerson, HoldSubject
from retention.queries.reach import channels_about


def holds_on(viewer: User) -> QuerySet[Hold]:
    """The holds, released ones too, that concern the viewer and are kept from them.

    One on nothing but days, or on a named channel in which they wrote among others, is not; nor is
    one of a request that concerns somebody else. One of a request of which a restore does not know
    whom it concerns is kept from everybody but the data protection officer and those in whose name
    it stands.
    """
    if has_role(viewer, Role.DPO):
        return _known_on(viewer)
    perhaps = Hold.objects.filter(subjects_unknown=True).exclude(
        Q(placed_by=viewer) | Q(owner=viewer)
    )
    return Hold.objects.filter(
        Q(number__in=_known_on(viewer).values("number")) | Q(number__in=perhaps.values("number"))
    )


def first_hold_on(viewer: User) -> datetime | None:
    """When the first of them was placed; None where there is none."""
    first: datetime | None = holds_on(viewer).aggregate(first=Min("placed_at"))["first"]
    return first


def _known_on(viewer: User) -> QuerySet[Hold]:
    about = HoldChannel.objects.filter(channels_about(viewer)).values("hold")
    mine = HoldPerson.objects.filter(person=viewer).values("hold")
    asked = ExportSubject.objects.filter(person=viewer).values("export")
    named = HoldSubject.objects.filter(person=viewer).values("hold")
    numbers = Q(number__in=mine) | Q(number__in=about) | Q(number__in=named)
    return Hold.objects.filter(numbers | Q(export__in=asked))


def holds_for(viewer: User) -> QuerySet[Hold]:
    """The holds that the viewer may know of, newest first."""
    if not may(viewer, "use_records"):
        return Hold.objects.none()
    return (
        Hold.objects.exclude(number__in=holds_on(viewer).values("number"))
        .select_related("placed_by", "owner", "released_by", "export")
        .prefetch_related("channels__channel", "people__person")
        .order_by("-number")
    )


def hold_for(viewer: User, number: int) -> Hold:
    """A hold that the viewer may know of, or NotFound."""
    hold = holds_for(viewer).filter(number=number).first()
    if hold is None:
        raise NotFound
    return hold


def holds_to_review(viewer: User, today: date) -> QuerySet[Hold]:
    """The open holds of which the viewer is the owner and that wait to be looked at again."""
    return holds_for(viewer).filter(owner=viewer, released_at=None, review_on__lte=today)


def may_own(person: User, hold: Hold) -> bool:
    """Whether somebody may look after a hold: who works with records and may know of it, or be told
    by whoever makes them its owner."""
    return may(person, "use_records") and not _known_on(person).filter(pk=hold.pk).exists()


def may_release(viewer: User, hold: Hold) -> bool:
    """Whether the viewer may be the second person who releases it."""
    if hold.released_at or not may(viewer, "approve_records"):
        return False
    return viewer.pk != hold.placed_by_id and holds_for(viewer).filter(pk=hold.pk).exists()
