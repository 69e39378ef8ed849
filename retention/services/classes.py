"""Giving a channel another record class, and with it another rule."""

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.sealed import seal_record
from audit.services import record
from messaging.models import Channel
from messaging.search.placing import keep_places
from retention.exceptions import ConcernsYou, NotAllowed, UnknownClass
from retention.locks import stop_destroying
from retention.models import Policy, Reclassing
from retention.queries.reach import exportable_for
from retention.queries.rules import keeps_less, policy_of
from retention.services.policies import checked_reason
from retention.tasks import reindex_channels


@transaction.atomic
def set_record_class(*, by: User, channel: Channel, record_class: str, reason: str) -> Channel:
    """Put a channel under another rule; to keep it shorter takes an approver.

    Holds the lock that keeps disposals out, so that none goes on under the former class. The
    search follows in a job: until then the channel is found where it was. A month that is being
    indexed anew is waited for.
    """
    if not may(by, "use_records"):
        raise NotAllowed
    if not exportable_for(by).filter(pk=channel.pk).exists():
        raise ConcernsYou
    if not Policy.objects.filter(record_class=record_class).exists():
        raise UnknownClass
    reason = checked_reason(reason)
    keep_places()
    stop_destroying()
    channel.refresh_from_db()
    former = channel.record_class
    if former == record_class:
        return channel
    if keeps_less(policy_of(record_class), policy_of(former)) and not may(by, "approve_records"):
        raise NotAllowed(gettext_noop("Only an approver can have a channel kept for less long."))
    Channel.objects.filter(pk=channel.pk).update(record_class=record_class)
    Reclassing.objects.create(
        channel=channel, former=former, record_class=record_class, changed_by=by
    )
    record(
        Action.CHANNEL_RECLASSED,
        actor=by.pk,
        subject=channel.pk,
        record_class=record_class,
        former=former,
        **seal_record("policy", {"reason": reason}).facts(),
    )
    reindex_channels.defer()
    channel.refresh_from_db()
    return channel
