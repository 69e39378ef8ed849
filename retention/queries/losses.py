"""Folders of copies of the keyring, and which of them are lost. Every question of a person starts
at the viewer."""

from uuid import UUID

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from accounts.queries import may
from retention.exceptions import NotFound
from retention.models import KeyringCopy, KeyringPlace, PlaceLoss


def losses_in_force() -> QuerySet[PlaceLoss]:
    """What two people have declared of places that no backup has looked into since."""
    unseen = Q(place__looked_at=None) | Q(place__looked_at__lt=F("decided_at"))
    found = PlaceLoss.objects.filter(unseen, state=PlaceLoss.State.APPROVED, found_at=None)
    return found.select_related("place", "proposed_by", "decided_by").order_by("number")


def places_for(viewer: User) -> QuerySet[KeyringPlace]:
    """The folders, the one that was looked into last first; with `newest`, the time of the newest
    copy that is known to have come there."""
    if not may(viewer, "use_records"):
        return KeyringPlace.objects.none()
    copies = KeyringCopy.objects.filter(place=OuterRef("uid")).order_by()
    newest = copies.values("place").annotate(newest=Max("at")).values("newest")
    found = KeyringPlace.objects.annotate(newest=Subquery(newest))
    return found.order_by(F("looked_at").desc(nulls_last=True), "uid")


def place_for(viewer: User, uid: UUID) -> KeyringPlace:
    """One of them, or NotFound."""
    found = places_for(viewer).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def losses_for(viewer: User) -> QuerySet[PlaceLoss]:
    """What was declared, newest first."""
    if not may(viewer, "use_records"):
        return PlaceLoss.objects.none()
    people = ("place", "proposed_by", "decided_by")
    return PlaceLoss.objects.select_related(*people).order_by("-number")


def loss_for(viewer: User, number: int) -> PlaceLoss:
    """One of them, or NotFound."""
    found = losses_for(viewer).filter(number=number).first()
    if found is None:
        raise NotFound
    return found
