"""What a hold alone kept comes back into view with whatever makes it due no more."""

from collections.abc import Callable
from datetime import date

import pytest

from accounts.models import User
from messaging.models import Channel, Message
from retention.due.terms import Trigger
from retention.models import Policy
from retention.queries.rules import policies
from retention.services.classes import set_record_class
from retention.services.dates import agree_to_date, set_trigger
from retention.services.holds import release_hold
from retention.services.policies import Rule, change_policy
from retention.workers.destroying import carry_out_approved
from retention.workers.matching import match_open_holds
from tests.retention.conftest import Clock
from tests.retention.scenes import REASON, approved, held, past_channel
from tests.roles import acting_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

DATED = "dated"


def _longer_rule(by: User, _channel: Channel) -> None:
    rule = Rule(
        name="Dated", trigger=Trigger.SET, months=1_000, action="dispose", authority="The governors"
    )
    change_policy(by=by, record_class=DATED, rule=rule, reason=REASON)


def _another_class(by: User, channel: Channel) -> None:
    kept = next(rule.record_class for rule in policies() if rule.action == "keep")
    set_record_class(by=by, channel=channel, record_class=kept, reason=REASON)


def _later_date(by: User, channel: Channel) -> None:
    set_trigger(by=by, channel=channel, on=date(2090, 1, 1), reason=REASON)


@pytest.mark.parametrize("change", [_longer_rule, _another_class, _later_date])
def test_it_comes_back_when_a_rule_a_class_or_a_date_makes_it_due_no_more(
    change: Callable[[User, Channel], None],
    at: Clock, alice: User, dana: User, hari: User, helen: User,
) -> None:  # fmt: skip
    channel = past_channel(at, alice)
    with acting_as("owner"):
        Policy.objects.create(
            record_class=DATED, name="Dated", trigger=Trigger.SET, months=1, action="dispose"
        )
        Channel.objects.filter(pk=channel.pk).update(record_class=DATED)
    channel.refresh_from_db()
    set_trigger(by=hari, channel=channel, on=date(2024, 4, 1), reason=REASON)
    agree_to_date(by=helen, channel=channel, on=date(2024, 4, 1))
    hold = held(dana, channel=channel)
    approved(hari, helen, record_class=DATED)
    with acting_as("disposer"):
        carry_out_approved()
    release_hold(by=helen, number=hold.number, reason=REASON)
    hidden = Message.objects.filter(channel=channel, out_of_view=True)
    assert hidden.exists()
    change(helen, channel)
    assert not hidden.exists()


def test_it_comes_back_when_the_words_of_its_hold_are_not_found_in_it(
    at: Clock, alice: User, dana: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice)
    held(dana, channel=channel, words="zebrafinch")
    approved(hari, helen)
    with acting_as("disposer"):
        carry_out_approved()
    _another_class(helen, channel)
    hidden = Message.objects.filter(channel=channel, out_of_view=True)
    assert hidden.exists(), "nobody has looked for the words yet"
    with acting_as("worker"):
        match_open_holds()
    assert not hidden.exists()
