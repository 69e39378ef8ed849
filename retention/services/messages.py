"""Keeping a single message longer than its channel."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.sealed import seal_record
from audit.services import record
from retention.exceptions import ConcernsYou, NotAllowed, NotLonger, UnknownClass
from retention.locks import stop_destroying
from retention.models import MessageClass, Policy
from retention.queries.messages import classes_for, message_to_keep
from retention.queries.rules import keeps_less, policy_of
from retention.reasons import checked_reason
from retention.record_classes import POLICY


@transaction.atomic
def reclass_message(*, by: User, message_id: UUID, record_class: str, reason: str) -> MessageClass:
    """Put a message under a class of its own besides its channel's: it is due when both say so.

    Raises NotLonger for a class that does not surely keep it as long as what it is under now. When
    this is committed no disposal destroys the message, not even one that is approved.
    """
    message = message_to_keep(by, message_id)
    if message.author_id == by.pk:
        raise ConcernsYou
    if not Policy.objects.filter(record_class=record_class).exists():
        raise UnknownClass
    if record_class not in {policy.record_class for policy in classes_for(by)}:
        raise NotAllowed
    reason = checked_reason(reason)
    stop_destroying()
    message.refresh_from_db()
    former = MessageClass.objects.select_for_update().filter(message=message).first()
    present = former.record_class if former else message.channel.record_class
    if present == record_class or keeps_less(policy_of(record_class), policy_of(present)):
        raise NotLonger
    sealed = seal_record(
        POLICY, {"reason": reason, "former": present, "record_class": record_class}
    )
    values = {"record_class": record_class, "record": sealed.id, "set_by": by, "set_at": now()}
    found, _created = MessageClass.objects.update_or_create(message=message, defaults=values)
    record(
        Action.MESSAGE_RECLASSED,
        actor=by.pk,
        subject=message.pk,
        channel=message.channel_id,
        **sealed.facts(),
    )
    return found
