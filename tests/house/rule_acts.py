"""The acts on rules and on what is under them, each with a call of it."""

from collections.abc import Callable
from datetime import date
from types import FunctionType
from uuid import UUID

from audit.clock import now
from retention.models import Policy
from retention.services import classes, dates, losses, messages, policies, presets
from tests.house.asked import keyring_folder
from tests.house.world import World

REASON = "A reason of more than twenty characters"


def _rule() -> policies.Rule:
    return policies.Rule(
        name="Routine", months=24, action=Policy.Action.REVIEW, authority="The governors"
    )


def _dated(w: World) -> None:
    dates.set_trigger(by=w.hari, channel=w.channel, on=date(2026, 7, 31), reason=REASON)


#: What has to have happened before.
BEFORE: dict[FunctionType | Callable[..., object], Callable[[World], object]] = {
    dates.agree_to_date: _dated,
    losses.propose_loss: lambda _w: keyring_folder(2),
}

RULES: dict[FunctionType | Callable[..., object], Callable[[World], object]] = {
    dates.set_trigger: lambda w: dates.set_trigger(
        by=w.hari, channel=w.channel, on=date(2026, 7, 31), reason=REASON
    ),
    dates.agree_to_date: lambda w: dates.agree_to_date(
        by=w.helen, channel=w.channel, on=date(2026, 7, 31)
    ),
    messages.reclass_message: lambda w: messages.reclass_message(
        by=w.dana, message_id=w.message.id, record_class="safeguarding", reason=REASON
    ),
    classes.propose_class: lambda w: classes.propose_class(
        by=w.hari, channel=w.direct, record_class="ephemeral", reason=REASON
    ),
    classes.approve_class: lambda w: classes.approve_class(by=w.helen, number=w.move.number),
    classes.withdraw_class: lambda w: classes.withdraw_class(by=w.hari, number=w.move.number),
    losses.propose_loss: lambda w: losses.propose_loss(
        by=w.hari, place=UUID(int=2), on=now().date(), reason=REASON
    ),
    losses.agree_to_loss: lambda w: losses.agree_to_loss(by=w.helen, number=w.loss.number),
    losses.withdraw_loss: lambda w: losses.withdraw_loss(by=w.hari, number=w.loss.number),
    presets.choose_presets: lambda w: presets.choose_presets(
        by=w.helen, nation="scotland", school_type="independent", reason=REASON
    ),
    policies.propose_rule: lambda w: policies.propose_rule(
        by=w.hari, record_class="routine", rule=_rule(), reason=REASON
    ),
    policies.approve_rule: lambda w: policies.approve_rule(by=w.helen, number=w.rule.number),
    policies.withdraw_rule: lambda w: policies.withdraw_rule(by=w.hari, number=w.rule.number),
    classes.set_record_class: lambda w: classes.set_record_class(
        by=w.helen,
        channel=w.channel,
        record_class=Policy.objects.exclude(record_class="routine").earliest("id").record_class,
        reason=REASON,
    ),
    policies.change_policy: lambda w: policies.change_policy(
        by=w.helen, record_class="routine", rule=_rule(), reason=REASON
    ),
}
