"""Changing a rule: a new version, by an approver, with the reason sealed."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.canonical import Json
from audit.sealed import seal_record
from audit.services import record
from retention.exceptions import BadReason, NotAllowed, RetentionError
from retention.locks import stop_destroying
from retention.models import Policy
from retention.queries.rules import history_of

MIN_REASON = 20
_NEVER_DISPOSED = frozenset({"child_sexual_abuse"})


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a version of a policy says; `months` from sending, rounded up to a month's end."""

    name: str
    months: int
    action: str
    authority: str


class NeverByRule(RetentionError):
    """Records of this class are only ever reviewed, never disposed of by rule."""


def checked_reason(reason: str) -> str:
    """The reason without surrounding blanks, or BadReason when it is too short to be one."""
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise BadReason
    return reason


@transaction.atomic
def change_policy(*, by: User, record_class: str, rule: Rule, reason: str) -> Policy:
    """Put a new version of a class's rule in force; a class that is new gets its first."""
    if not may(by, "approve_records"):
        raise NotAllowed
    if record_class in _NEVER_DISPOSED and rule.action == Policy.Action.DISPOSE:
        raise NeverByRule
    reason = checked_reason(reason)
    stop_destroying()
    former = history_of(record_class).first()
    policy = Policy.objects.create(
        record_class=record_class,
        version=former.version + 1 if former else 1,
        approved_by=by,
        **rule.__dict__,
    )
    old: dict[str, Json] = {"months": former.months, "action": former.action} if former else {}
    sealed = seal_record(
        "policy",
        {
            "record_class": record_class,
            "reason": reason,
            "old": old,
            "new": {"months": rule.months, "action": rule.action, "authority": rule.authority},
        },
    )
    record(
        Action.POLICY_CHANGED,
        actor=by.pk,
        subject=policy.uid,
        version=policy.version,
        **sealed.facts(),
    )
    return policy
