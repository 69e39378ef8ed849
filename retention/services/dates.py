"""Setting the date that a channel's rule is counted from."""

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.canonical import Json
from audit.clock import now
from audit.sealed import seal_record
from audit.services import record
from messaging.models import Channel
from retention.exceptions import ConcernsYou, NeedsAnother, NotAllowed, OneDate
from retention.locks import stop_destroying
from retention.models import ChannelDate
from retention.queries.dates import counted_from
from retention.queries.reach import exportable_for
from retention.reasons import checked_reason
from retention.services.policies import RECORD_CLASS
from retention.showing_again import show_again


@transaction.atomic
def set_trigger(
    *,
    by: User,
    channel: Channel,
    reason: str,
    on: date | None = None,
    person: User | None = None,
) -> ChannelDate:
    """Count a channel's rule from a day, or from the day on which a person leaves.

    A date that is known already is put earlier only by an approver who did not set it.
    """
    if not may(by, "use_records"):
        raise NotAllowed
    if not exportable_for(by).filter(pk=channel.pk).exists() or (person and person.pk == by.pk):
        raise ConcernsYou
    if (on is None) == (person is None):
        raise OneDate
    reason = checked_reason(reason)
    stop_destroying()
    _check_not_earlier_alone(by, channel, person.leaving_on if person else on)
    found, _created = ChannelDate.objects.update_or_create(
        channel=channel, defaults={"day": on, "person": person, "set_by": by, "set_at": now()}
    )
    said: dict[str, Json] = {
        "reason": reason,
        "day": on.isoformat() if on else None,
        "person": str(person.pk) if person else None,
    }
    sealed = seal_record(RECORD_CLASS, said)
    record(Action.TRIGGER_SET, actor=by.pk, subject=channel.pk, **sealed.facts())
    show_again()
    return found


def _check_not_earlier_alone(by: User, channel: Channel, day: date | None) -> None:
    former = ChannelDate.objects.select_for_update().filter(channel=channel).first()
    known = counted_from(channel).day
    if former is None or known is None or day is None or day >= known:
        return
    if not may(by, "approve_records"):
        raise NotAllowed
    if former.set_by_id == by.pk:
        raise NeedsAnother
