"""Declaring that a folder with copies of the keyring is lost, which takes two people: from then on
no certificate waits until its copies were seen to end."""

from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.clock import now
from audit.sealed import seal_record
from audit.services import record
from retention.exceptions import (
    BadDay,
    LostAlready,
    NeedsAnother,
    NotAllowed,
    SeenSince,
)
from retention.models import KeyringPlace, PlaceLoss
from retention.queries.losses import loss_for, losses_in_force, place_for
from retention.queries.proposals import may_withdraw_proposal
from retention.reasons import checked_reason
from retention.record_classes import DISPOSAL
from retention.two_people import ask_for, decide


@transaction.atomic
def propose_loss(*, by: User, place: UUID, on: date, reason: str) -> PlaceLoss:
    """Declare that a folder was lost or destroyed on that day. Nothing changes before another
    person agrees."""
    found = place_for(by, place)
    _check_day(found, on)
    if losses_in_force().filter(place=found).exists():
        raise LostAlready
    sealed = seal_record(DISPOSAL, {"reason": checked_reason(reason)})
    loss = ask_for(PlaceLoss, by=by, place=found, lost_on=on, record=sealed.id)
    record(
        Action.LOSS_PROPOSED,
        actor=by.pk,
        subject=found.uid,
        number=loss.number,
        lost_on=on.isoformat(),
        **sealed.facts(),
    )
    return loss


@transaction.atomic
def agree_to_loss(*, by: User, number: int) -> PlaceLoss:
    """Be the second person: the folder's copies are declared to be gone from now on, unless a
    backup has looked into it since it was declared."""
    loss = loss_for(by, number)
    if loss.proposed_by_id == by.pk:
        raise NeedsAnother
    if not may(by, "approve_records"):
        raise NotAllowed
    decide(loss, PlaceLoss.State.APPROVED, by)
    place = KeyringPlace.objects.get(pk=loss.place_id)
    _check_day(place, loss.lost_on)
    if place.looked_at is not None and place.looked_at > loss.proposed_at:
        raise SeenSince
    record(
        Action.LOSS_AGREED,
        actor=by.pk,
        subject=loss.place_id,
        number=number,
        lost_on=loss.lost_on.isoformat(),
    )
    return loss_for(by, number)


@transaction.atomic
def withdraw_loss(*, by: User, number: int) -> None:
    """Let what was declared be none: by who declared it, or by an approver."""
    loss = loss_for(by, number)
    if not may_withdraw_proposal(by, loss):
        raise NotAllowed
    decide(loss, PlaceLoss.State.WITHDRAWN, by)
    record(Action.LOSS_WITHDRAWN, actor=by.pk, subject=loss.place_id, number=number)


def _check_day(place: KeyringPlace, on: date) -> None:
    if on > now().date():
        raise BadDay
    if place.looked_at is not None and place.looked_at.date() > on:
        raise SeenSince
