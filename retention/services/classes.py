"""Giving a channel another record class, and with it another rule; one that keeps less, by two."""

from django.db import transaction

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.canonical import Json
from audit.sealed import open_record, seal_record
from audit.services import record
from messaging.models import Channel
from messaging.search.placing import keep_places
from retention.exceptions import (
    ConcernsYou,
    NeedsAnother,
    NotAllowed,
    NotOpen,
    TakesTwo,
    UnknownClass,
)
from retention.locks import stop_destroying
from retention.models import ClassProposal, Policy, Reclassing
from retention.queries.proposals import class_proposal_for, may_withdraw_proposal
from retention.queries.reach import exportable_for
from retention.queries.rules import keeps_less, policy_of
from retention.reasons import checked_reason
from retention.record_classes import POLICY
from retention.showing_again import show_again
from retention.tasks import announce, reindex_channels
from retention.two_people import ask_for, decide


@transaction.atomic
def set_record_class(*, by: User, channel: Channel, record_class: str, reason: str) -> Channel:
    """Put a channel under another rule; raises TakesTwo where that keeps less (`propose_class`).

    Holds the lock that keeps disposals out, so that none goes on under the former class. The
    search follows in a job: until then the channel is found where it was. A month that is being
    indexed anew is waited for.
    """
    _check(by, channel, record_class)
    reason = checked_reason(reason)
    _stand_still(channel)
    if channel.record_class == record_class:
        return channel
    if keeps_less(policy_of(record_class), policy_of(channel.record_class)):
        raise TakesTwo
    return _put_under(channel, record_class, by, {"reason": reason})


@transaction.atomic
def propose_class(*, by: User, channel: Channel, record_class: str, reason: str) -> ClassProposal:
    """Ask for a channel to be under another rule. Nothing changes before another approves it."""
    _check(by, channel, record_class)
    sealed = seal_record(POLICY, {"reason": checked_reason(reason)})
    what = {"channel": channel, "record_class": record_class, "record": sealed.id}
    proposal = ask_for(ClassProposal, by=by, **what)
    record(
        Action.CLASS_PROPOSED,
        actor=by.pk,
        subject=channel.pk,
        record_class=record_class,
        number=proposal.number,
        **sealed.facts(),
    )
    return proposal


@transaction.atomic
def approve_class(*, by: User, number: int) -> Channel:
    """Put a channel under the rule that another person asked for."""
    proposal = class_proposal_for(by, number)
    if proposal.proposed_by_id == by.pk:
        raise NeedsAnother
    if not may(by, "approve_records"):
        raise NotAllowed
    decide(proposal, ClassProposal.State.APPROVED, by)
    _stand_still(proposal.channel)
    if proposal.channel.record_class == proposal.record_class:
        raise NotOpen
    said = {"reason": open_record(proposal.record)["reason"], "proposal": number}
    return _put_under(proposal.channel, proposal.record_class, by, said)


@transaction.atomic
def withdraw_class(*, by: User, number: int) -> None:
    """Let what was asked for be none: by who asked, or by an approver."""
    proposal = class_proposal_for(by, number)
    if not may_withdraw_proposal(by, proposal):
        raise NotAllowed
    decide(proposal, ClassProposal.State.WITHDRAWN, by)
    record(Action.CLASS_WITHDRAWN, actor=by.pk, subject=proposal.channel_id, number=number)


def _check(by: User, channel: Channel, record_class: str) -> None:
    if not may(by, "use_records"):
        raise NotAllowed
    if not exportable_for(by).filter(pk=channel.pk).exists():
        raise ConcernsYou
    if not Policy.objects.filter(record_class=record_class).exists():
        raise UnknownClass


def _stand_still(channel: Channel) -> None:
    """No month is indexed anew and nothing is disposed of until this transaction has ended."""
    keep_places()
    stop_destroying()
    channel.refresh_from_db()


def _put_under(channel: Channel, record_class: str, by: User, said: dict[str, Json]) -> Channel:
    former = channel.record_class
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
        **seal_record(POLICY, said).facts(),
    )
    show_again()
    reindex_channels.defer()
    announce.defer()
    channel.refresh_from_db()
    return channel
