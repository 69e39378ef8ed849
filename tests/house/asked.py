"""What somebody asked for in the world of the house tests, and another has to approve."""

from uuid import UUID

from accounts.models import User
from audit.clock import now
from messaging.models import Channel
from retention.copies import note_look
from retention.models import ClassProposal, PlaceLoss, Policy, RuleProposal
from retention.services.classes import propose_class
from retention.services.losses import propose_loss
from retention.services.policies import Rule, propose_rule
from tests.roles import acting_as

RULE_REASON = "Nobody looks for a bus of two months ago"
LOSS_REASON = "The disk of that folder was put through the shredder"
MOVE_REASON = "Nothing but rooms and buses is written there"


def rule_asked_for(by: User) -> RuleProposal:
    rule = Rule(name="Logistics", days=60, action=Policy.Action.DISPOSE, authority="The governors")
    return propose_rule(by=by, record_class="ephemeral", rule=rule, reason=RULE_REASON)


def move_asked_for(by: User, channel: Channel) -> ClassProposal:
    return propose_class(by=by, channel=channel, record_class="ephemeral", reason=MOVE_REASON)


def loss_declared(by: User) -> PlaceLoss:
    place = keyring_folder(1)
    return propose_loss(by=by, place=place, on=now().date(), reason=LOSS_REASON)


def keyring_folder(number: int) -> UUID:
    """A folder with copies of the keyring, which nobody has declared anything of."""
    place = UUID(int=number)
    with acting_as("backup"):
        note_look(place, folder=f"/mnt/keys{number}", mark="", times=set())
    return place
