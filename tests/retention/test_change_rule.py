"""A rule is changed: longer by one person, shorter by two."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from retention.due.terms import Trigger
from retention.exceptions import (
    AlreadyProposed,
    BadReason,
    NeedsAnother,
    NotAllowed,
    NotFound,
    NotOpen,
    TakesTwo,
)
from retention.models import Policy, RuleProposal
from retention.queries.rules import keeps_less, policy_of
from retention.services.policies import (
    NeverByRule,
    Rule,
    approve_rule,
    change_policy,
    propose_rule,
    withdraw_rule,
)
from tests.cast import client_of

REASON = "The governors decided so in November."

pytestmark = pytest.mark.django_db


def _rule(**other: object) -> Rule:
    values: dict[str, object] = {
        "name": "Routine conversation", "months": 12, "action": "dispose",
        "authority": "The governors",
    }  # fmt: skip
    return Rule(**values | other)  # type: ignore[arg-type]


SHORTER = {
    "fewer months": _rule(months=6),
    "days": _rule(months=None, days=360),
    "disposed of instead of reviewed": _rule(months=600),
    "not surely longer": _rule(months=None, days=366, action="review"),
}


@pytest.mark.parametrize("rule", SHORTER.values(), ids=SHORTER)
def test_nobody_shortens_a_rule_alone(hari: User, helen: User, rule: Rule) -> None:
    change_policy(
        by=helen, record_class="routine", rule=_rule(months=13, action="review"), reason=REASON
    )
    with pytest.raises(TakesTwo):
        change_policy(by=helen, record_class="routine", rule=rule, reason=REASON)
    asked = propose_rule(by=helen, record_class="routine", rule=rule, reason=REASON)
    with pytest.raises(NeedsAnother):
        approve_rule(by=helen, number=asked.number)
    withdraw_rule(by=helen, number=asked.number)

    asked = propose_rule(by=hari, record_class="routine", rule=rule, reason=REASON)
    assert policy_of("routine").months == 13
    policy = approve_rule(by=helen, number=asked.number)
    assert (policy.proposed_by, policy.approved_by) == (hari, helen)
    assert policy_of("routine").term == rule.term
    with pytest.raises(NotOpen):
        approve_rule(by=helen, number=asked.number)


@pytest.mark.parametrize(
    "rule",
    [
        _rule(months=24),
        _rule(action="review"),
        _rule(trigger=Trigger.ACADEMIC_YEAR),
        _rule(trigger=Trigger.LEAVING),
    ],
)
def test_an_approver_lengthens_one_alone(helen: User, rule: Rule) -> None:
    assert not keeps_less(rule, policy_of("routine"))
    assert change_policy(by=helen, record_class="routine", rule=rule, reason=REASON).version == 2
    assert policy_of("routine").term == rule.term


def test_each_step_is_one_entry_without_words(hari: User, helen: User) -> None:
    asked = propose_rule(by=hari, record_class="routine", rule=_rule(months=3), reason=REASON)
    withdraw_rule(by=helen, number=asked.number)
    asked = propose_rule(by=hari, record_class="routine", rule=_rule(months=3), reason=REASON)
    policy = approve_rule(by=helen, number=asked.number)

    actions = [Action.RULE_PROPOSED, Action.RULE_WITHDRAWN, Action.POLICY_CHANGED]
    entries = Entry.objects.filter(action__in=actions).order_by("id")
    assert [(one.action, one.actor) for one in entries] == [
        ("rule.proposed", hari.pk),
        ("rule.withdrawn", helen.pk),
        ("rule.proposed", hari.pk),
        ("policy.changed", helen.pk),
    ]
    assert entries[3].subject == policy.uid
    assert REASON not in str([one.facts for one in entries])


def test_it_takes_a_reason_and_somebody_entitled(
    carol: User, theo: User, gwen: User, hari: User
) -> None:
    with pytest.raises(BadReason):
        propose_rule(by=hari, record_class="routine", rule=_rule(), reason="so")
    asked = propose_rule(by=hari, record_class="routine", rule=_rule(months=1), reason=REASON)
    with pytest.raises(AlreadyProposed):
        propose_rule(by=hari, record_class="routine", rule=_rule(months=2), reason=REASON)
    for person in (carol, theo, gwen):
        with pytest.raises(NotAllowed):
            propose_rule(by=person, record_class="slt", rule=_rule(), reason=REASON)
        for decide in (approve_rule, withdraw_rule):
            with pytest.raises(NotFound):
                decide(by=person, number=asked.number)
    assert policy_of("routine").months == 12


def test_no_two_people_dispose_of_what_is_never_disposed_of(hari: User, helen: User) -> None:
    for record_class in ("child_sexual_abuse", "statutory_inquiry"):
        with pytest.raises(NeverByRule):
            propose_rule(by=hari, record_class=record_class, rule=_rule(), reason=REASON)
        with pytest.raises(NeverByRule):
            change_policy(by=helen, record_class=record_class, rule=_rule(), reason=REASON)


def test_the_database_wants_two_people_too(hari: User) -> None:
    asked = propose_rule(by=hari, record_class="routine", rule=_rule(months=3), reason=REASON)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE retention_ruleproposal SET state = 'approved', decided_by_id = proposed_by_id,"
            " decided_at = now()"
        )
    asked.refresh_from_db()
    assert asked.state == RuleProposal.State.WAITING


def test_the_page_asks_for_what_is_shorter_and_enters_what_is_longer(
    hari: User, helen: User, carol: User, theo: User
) -> None:
    page = "/records/policies/routine/"
    fields = {
        "name": "Routine conversation", "trigger": "message", "months": 6, "action": "dispose",
        "authority": "The governors", "reason": REASON,
    }  # fmt: skip
    answer = client_of(helen).post(page, fields, follow=True)
    assert b"until another person has approved it" in answer.content
    assert policy_of("routine").months == 12
    asked = RuleProposal.objects.get()
    address = f"/records/policies/proposals/{asked.number}/"
    assert f"{address}approve/".encode() not in answer.content
    for person in (carol, theo):
        assert client_of(person).post(f"{address}approve/").status_code == 404
    client_of(hari).post(f"{address}approve/")
    assert policy_of("routine").months == 12
    client_of(helen).post(f"{address}withdraw/")

    client_of(hari).post(page, fields)
    assert REASON.encode() in client_of(helen).get(page).content
    address = f"/records/policies/proposals/{RuleProposal.objects.get(state='waiting').number}/"
    client_of(helen).post(f"{address}approve/")
    assert policy_of("routine").months == 6
    client_of(helen).post(page, fields | {"months": "", "days": 400})
    assert policy_of("routine").days == 400
    both = client_of(helen).post(page, fields | {"days": 400})
    assert b"of months or of days: one of them" in both.content
    assert Policy.objects.filter(record_class="routine").count() == 3
