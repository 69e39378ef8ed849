"""A proposal that an owner has objected to."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from messaging.models import Channel
from retention.models import Disposal, Objection
from retention.services.disposals import propose_disposals
from retention.services.objections import object_to_disposal
from tests.roles import acting_as


def proposed_in(record_class: str, *, by: User, today: date) -> Disposal:
    """What is due on a day in every class is proposed; the one of this class."""
    proposed = {one.record_class: one for one in propose_disposals(by=by, today=today)}
    return proposed[record_class]


def owners_may_object(disposal: Disposal, *, until: datetime) -> None:
    """Owners have until then."""
    with acting_as("owner"):
        Disposal.objects.filter(pk=disposal.pk).update(object_before=until)


def objected(owner: User, channel: Channel, disposal: Disposal, word: str) -> Objection:
    """It waits to be decided, and owners have no more time; its reason has the word in it."""
    owners_may_object(disposal, until=timezone.now() + timedelta(days=1))
    objection = object_to_disposal(
        by=owner,
        channel_id=channel.id,
        number=disposal.number,
        reason=f"The play is still on, said {word}",
    )
    owners_may_object(disposal, until=timezone.now())
    return objection
