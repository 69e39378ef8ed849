"""Telling members that their channel is kept otherwise: by a message of the product in it.

Channels are told one by one, each in a transaction with its entry, so that a rule over thousands of
direct conversations holds no lock for long. What was interrupted is taken up again.
"""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.models import Entry
from audit.services import record
from messaging import bell
from messaging.models import Channel
from messaging.services.positions import lock_channel
from messaging.services.system import say
from retention.models import Policy, Reclassing
from retention.queries.rules import period, policy_of

_THEN = {
    Policy.Action.DISPOSE: gettext_noop("%(period)s, then disposed of"),
    Policy.Action.REVIEW: gettext_noop("%(period)s, then reviewed"),
    Policy.Action.KEEP: gettext_noop("%(period)s, not disposed of by rule"),
}


def announce_rules() -> int:
    """Tell every channel that is concerned and was not told; returns how many were told."""
    told = sum(_announce_move(one) for one in Reclassing.objects.filter(announced_at=None))
    waiting = Policy.objects.filter(announced_at=None).order_by("record_class", "-version")
    for policy in waiting.select_related("approved_by", "proposed_by"):
        told += _announce(policy)
        Policy.objects.filter(pk=policy.pk).update(announced_at=now())
    return told


def _announce(policy: Policy) -> int:
    """A version that says nothing else than the former, or is none any more, is passed over."""
    by = policy.approved_by or policy.proposed_by
    if by is None or policy_of(policy.record_class).pk != policy.pk or not _says_more(policy):
        return 0
    channels = Channel.objects.filter(record_class=policy.record_class, archived_at=None)
    ids = list(channels.order_by("id").values_list("id", flat=True))
    return sum(_tell(channel, policy, by) for channel in ids)


def _says_more(policy: Policy) -> bool:
    former = Policy.objects.filter(record_class=policy.record_class, version__lt=policy.version)
    last = former.order_by("-version").exclude(announced_at=None).first()
    return last is None or (last.term, last.action) != (policy.term, policy.action)


@transaction.atomic
def _announce_move(move: Reclassing) -> int:
    told = 0
    if move.channel.archived_at is None and move.channel.record_class == move.record_class:
        told = _tell(move.channel_id, policy_of(move.record_class), move.changed_by)
    Reclassing.objects.filter(pk=move.pk).update(announced_at=now())
    return told


@transaction.atomic
def _tell(channel_id: UUID, policy: Policy, by: User) -> int:
    channel = lock_channel(channel_id)
    before = Entry.objects.filter(action=Action.RULE_ANNOUNCED, subject=channel_id).order_by("-id")
    last = before.values_list("facts__policy", flat=True).first()
    if last == str(policy.uid):  # and interrupted since
        return 0
    what = _("how long this conversation is kept: %(rule)s") % {"rule": _rule(policy)}
    said = say(channel, by=by, event="updated", person=None, what=what)
    record(Action.RULE_ANNOUNCED, actor=by.pk, subject=channel_id, policy=policy.uid, **said)
    bell.ring((channel.id, channel.head))
    return 1


def _rule(policy: Policy) -> str:
    return _(_THEN[Policy.Action(policy.action)]) % {"period": period(policy.term)}
