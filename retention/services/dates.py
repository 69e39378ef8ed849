"""Setting the date that a channel's rule is counted from, and agreeing to it."""

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
from retention.exceptions import (
    ConcernsYou,
    NeedsAnother,
    NotAllowed,
    NotFound,
    NotOpen,
    OneDate,
    OtherDate,
)
from retention.locks import stop_destroying
from retention.models import ChannelDate
from retention.queries.dates import date_of, entered_by, wanted_by
from retention.queries.reach import exportable_for
from retention.reasons import checked_reason
from retention.record_classes import POLICY
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

    One that is later than what counts now counts at once; an earlier one, or one where none was
    known, when another person has agreed (`agree_to_date`).
    """
    if not may(by, "use_records"):
        raise NotAllowed
    if not exportable_for(by).filter(pk=channel.pk).exists() or (person and person.pk == by.pk):
        raise ConcernsYou
    if (on is None) == (person is None):
        raise OneDate
    reason = checked_reason(reason)
    stop_destroying()
    found = _write(by, channel, on, person)
    said: dict[str, Json] = {
        "reason": reason,
        "day": on.isoformat() if on else None,
        "person": str(person.pk) if person else None,
    }
    sealed = seal_record(POLICY, said)
    record(Action.TRIGGER_SET, actor=by.pk, subject=channel.pk, **sealed.facts())
    show_again()
    return found


def _write(by: User, channel: Channel, on: date | None, person: User | None) -> ChannelDate:
    """The person's date is read under the lock, since whoever changes it waits for that, too."""
    if person:
        person.refresh_from_db(fields=["leaving_on"])
    wanted, counted = (person.leaving_on if person else on), date_of(channel)
    agreed = max(wanted, counted) if wanted and counted else None
    values = {"day": on, "person": person, "set_by": by, "set_at": now()}
    values |= {"agreed": agreed, "agreed_by": None}
    found, _created = ChannelDate.objects.update_or_create(channel=channel, defaults=values)
    return found


@transaction.atomic
def agree_to_date(*, by: User, channel: Channel, on: date) -> None:
    """Be the second person: the channel's rule is counted from its date from now on.

    `on` is the date as `by` saw it; OtherDate if another stands there now. Who set it, or entered
    it where accounts are kept, does not agree to it.
    """
    if not exportable_for(by).filter(pk=channel.pk).exists():
        raise NotFound
    stop_destroying()
    found = ChannelDate.objects.select_related("person").filter(channel=channel).first()
    if found is None:
        raise NotFound
    _check_second(by, found)
    if found.agreed is not None and wanted_by(found) == found.agreed:
        raise NotOpen
    if wanted_by(found) != on:
        raise OtherDate
    ChannelDate.objects.filter(pk=found.pk).update(agreed=on, agreed_by=by)
    sealed = seal_record(POLICY, {"day": on.isoformat()})
    record(Action.TRIGGER_AGREED, actor=by.pk, subject=channel.pk, **sealed.facts())


def _check_second(by: User, found: ChannelDate) -> None:
    if not may(by, "approve_records"):
        raise NotAllowed
    if found.person_id == by.pk:
        raise ConcernsYou
    if by.pk in entered_by(found):
        raise NeedsAnother
