"""Changing a rule: a new version, by an approver; what keeps less, by two people."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.canonical import Json
from audit.sealed import open_record, seal_record
from audit.services import record
from retention.due.terms import Term, Trigger
from retention.exceptions import (
    NeedsAnother,
    NotAllowed,
    RetentionError,
    TakesTwo,
)
from retention.locks import stop_destroying
from retention.models import Policy, RuleProposal
from retention.presets import NEVER_DISPOSED
from retention.queries.proposals import may_withdraw_proposal, rule_proposal_for
from retention.queries.rules import history_of, keeps_less, policy_of
from retention.reasons import checked_reason
from retention.record_classes import POLICY
from retention.showing_again import show_again
from retention.tasks import announce
from retention.two_people import ask_for, decide

_FIELDS = ("name", "trigger", "months", "days", "action", "authority")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a version of a policy says: a period of months or of days from its trigger, rounded up
    to a month's end."""

    name: str
    trigger: Trigger = Trigger.MESSAGE
    months: int | None = None
    days: int | None = None
    action: str
    authority: str

    @property
    def term(self) -> Term:
        """Trigger and period."""
        return Term(trigger=self.trigger, months=self.months, days=self.days)


class NeverByRule(RetentionError):
    """Records of this kind are only ever reviewed, never disposed of by rule."""


@transaction.atomic
def change_policy(*, by: User, record_class: str, rule: Rule, reason: str) -> Policy:
    """Put a new version of a class's rule in force; a class that is new gets its first.

    Raises TakesTwo for one that keeps less than the rule in force (`propose_rule`).
    """
    if not may(by, "approve_records"):
        raise NotAllowed
    _check_disposable(record_class, rule)
    reason = checked_reason(reason)
    stop_destroying()
    if keeps_less(rule, policy_of(record_class)):
        raise TakesTwo
    return _put_in_force(record_class, rule, by, None, {"reason": reason})


@transaction.atomic
def propose_rule(*, by: User, record_class: str, rule: Rule, reason: str) -> RuleProposal:
    """Ask for a version of a rule that another person approves. Nothing changes yet."""
    if not may(by, "use_records"):
        raise NotAllowed
    _check_disposable(record_class, rule)
    sealed = seal_record(POLICY, {"reason": checked_reason(reason), "record_class": record_class})
    what = {"record_class": record_class, "record": sealed.id, **_values(rule)}
    proposal = ask_for(RuleProposal, by=by, **what)
    record(Action.RULE_PROPOSED, actor=by.pk, subject=proposal.uid, **sealed.facts())
    return proposal


@transaction.atomic
def approve_rule(*, by: User, number: int) -> Policy:
    """Put in force what another person asked for."""
    proposal = rule_proposal_for(by, number)
    if proposal.proposed_by_id == by.pk:
        raise NeedsAnother
    if not may(by, "approve_records"):
        raise NotAllowed
    decide(proposal, RuleProposal.State.APPROVED, by)
    stop_destroying()
    rule = Rule(**{name: getattr(proposal, name) for name in _FIELDS})
    reason = open_record(proposal.record)["reason"]
    said = {"reason": reason, "proposal": proposal.number}
    return _put_in_force(proposal.record_class, rule, by, proposal.proposed_by, said)


@transaction.atomic
def withdraw_rule(*, by: User, number: int) -> None:
    """Let a version that was asked for be none: by who asked, or by an approver."""
    proposal = rule_proposal_for(by, number)
    if not may_withdraw_proposal(by, proposal):
        raise NotAllowed
    decide(proposal, RuleProposal.State.WITHDRAWN, by)
    record(Action.RULE_WITHDRAWN, actor=by.pk, subject=proposal.uid)


def _check_disposable(record_class: str, rule: Rule) -> None:
    if record_class in NEVER_DISPOSED and rule.action == Policy.Action.DISPOSE:
        raise NeverByRule


def _values(rule: Rule) -> dict[str, object]:
    return {name: getattr(rule, name) for name in _FIELDS}


def _put_in_force(
    record_class: str, rule: Rule, by: User, proposed_by: User | None, said: dict[str, Json]
) -> Policy:
    """The next version, under the lock that keeps disposals out, with its entry. What a hold alone
    kept, and what is not due any more by it, comes back into view."""
    former = history_of(record_class).first()
    policy = Policy.objects.create(
        record_class=record_class,
        version=former.version + 1 if former else 1,
        proposed_by=proposed_by,
        approved_by=by,
        **_values(rule),
    )
    sealed = seal_record(
        POLICY,
        {
            **said,
            "record_class": record_class,
            "old": _told(former) if former else {},
            "new": {**_told(policy), "authority": rule.authority},
        },
    )
    record(
        Action.POLICY_CHANGED,
        actor=by.pk,
        subject=policy.uid,
        version=policy.version,
        **sealed.facts(),
    )
    show_again()
    announce.defer()
    return policy


def _told(rule: Policy) -> dict[str, Json]:
    return {name: getattr(rule, name) for name in ("trigger", "months", "days", "action")}
