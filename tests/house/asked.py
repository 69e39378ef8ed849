"""What somebody asked for in the world of the house tests, and another has to approve."""

from accounts.models import User
from messaging.models import Channel
from retention.models import ClassProposal, Policy, RuleProposal
from retention.services.classes import propose_class
from retention.services.policies import Rule, propose_rule

RULE_REASON = "Nobody looks for a bus of two months ago"
MOVE_REASON = "Nothing but rooms and buses is written there"


def rule_asked_for(by: User) -> RuleProposal:
    rule = Rule(name="Logistics", days=60, action=Policy.Action.DISPOSE, authority="The governors")
    return propose_rule(by=by, record_class="ephemeral", rule=rule, reason=RULE_REASON)


def move_asked_for(by: User, channel: Channel) -> ClassProposal:
    return propose_class(by=by, channel=channel, record_class="ephemeral", reason=MOVE_REASON)
