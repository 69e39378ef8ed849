"""Clearing a proposal of a kind of record that somebody answers for."""

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.actions import Action
from audit.services import record
from retention.exceptions import NotAllowed, NotOpen
from retention.models import Clearance
from retention.queries.disposals import disposal_for
from retention.queries.objections import lacking_clearances, may_clear


@transaction.atomic
def clear_disposal(*, by: User, number: int, part: str) -> Clearance:
    """Say that nothing of this kind in the proposal is needed any more."""
    disposal = disposal_for(by, number)
    if part not in lacking_clearances(disposal):
        raise NotOpen
    if not may_clear(by, disposal, Clearance.Part(part)):
        raise NotAllowed
    try:
        with transaction.atomic():
            clearance = Clearance.objects.create(disposal=disposal, part=part, by=by)
    except IntegrityError:
        raise NotOpen from None
    record(Action.DISPOSAL_CLEARED, actor=by.pk, subject=disposal.uid, number=number, part=part)
    return clearance
