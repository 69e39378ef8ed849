"""Members are told, in their channel, that it is kept otherwise."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.models import Channel, Message
from messaging.services.channels import archive_channel
from messaging.vault.versions import open_version
from messaging.verify import wrong_content
from oversight.queries.readers import readers_of
from retention.models import Policy
from retention.services.classes import approve_class, propose_class, set_record_class
from retention.services.policies import Rule, change_policy
from retention.workers.announcing import announce_rules
from tests.scenes import channel_of

REASON = "The governors decided so in November."

type AsRole = Callable[[str], AbstractContextManager[None]]
pytestmark = pytest.mark.django_db(transaction=True)


def _said(channel: Channel) -> list[str]:
    messages = Message.objects.filter(channel=channel, kind="system").order_by("seq")
    versions = (one.versions.select_related("key", "message").get() for one in messages)
    return [open_version(one).text for one in versions][1:]


def _announce(as_role: AsRole) -> int:
    with as_role("worker"):
        return announce_rules()


def _change(by: User, months: int, authority: str = "Governors") -> Policy:
    rule = Rule(name="Routine", months=months, action="review", authority=authority)
    return change_policy(by=by, record_class="routine", rule=rule, reason=REASON)


def test_nothing_is_said_of_the_rules_that_a_school_begins_with(
    as_role: AsRole, alice: User
) -> None:
    channel_of(alice)
    assert _announce(as_role) == 0


def test_each_channel_of_the_class_is_told_once(as_role: AsRole, alice: User, helen: User) -> None:
    first, second = channel_of(alice, name="First"), channel_of(alice, name="Second")
    closed = channel_of(alice, name="Closed")
    archive_channel(by=alice, channel_id=closed.id)
    other = channel_of(alice, name="Other")
    set_record_class(by=helen, channel=other, record_class="slt", reason=REASON)
    _announce(as_role)
    policy = _change(helen, 24)

    assert _announce(as_role) == 2
    assert _announce(as_role) == 0
    line = (
        f"{helen.display_name} changed how long this conversation is kept: 2 years, then reviewed."
    )
    assert _said(first) == _said(second) == [line]
    assert line not in _said(closed) + _said(other)
    entries = Entry.objects.filter(action=Action.RULE_ANNOUNCED, facts__policy=str(policy.uid))
    assert {one.subject for one in entries} == {first.pk, second.pk}
    assert list(wrong_content()) == []


def test_what_was_interrupted_is_taken_up_again(
    as_role: AsRole, alice: User, helen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    channels = [channel_of(alice, name=f"Channel {n}") for n in range(3)]
    _change(helen, 24)
    told: list[object] = []
    with monkeypatch.context() as patch:
        patch.setattr("retention.workers.announcing.bell.ring", _second_fails(told))
        with pytest.raises(KeyboardInterrupt):
            _announce(as_role)
    assert _announce(as_role) == 2
    assert [len(_said(channel)) for channel in channels] == [1, 1, 1]


def _second_fails(told: list[object]) -> Callable[..., None]:
    def ring(change: object) -> None:
        told.append(change)
        if len(told) == 2:
            raise KeyboardInterrupt

    return ring


def test_a_version_that_only_names_another_authority_is_not_announced(
    as_role: AsRole, alice: User, helen: User
) -> None:
    channel = channel_of(alice)
    _change(helen, 24)
    _announce(as_role)
    _change(helen, 24, "Governors, as confirmed in December")
    assert _announce(as_role) == 0
    assert len(_said(channel)) == 1


def test_a_channel_that_moves_is_told_also_by_two_people(
    as_role: AsRole, alice: User, bob: User, hari: User, helen: User
) -> None:
    channel = channel_of(alice, bob)
    set_record_class(by=hari, channel=channel, record_class="slt", reason=REASON)
    assert _announce(as_role) == 1
    asked = propose_class(by=hari, channel=channel, record_class="ephemeral", reason=REASON)
    assert _announce(as_role) == 0
    approve_class(by=helen, number=asked.number)
    assert _announce(as_role) == 1
    told = _said(channel)[-2:]
    assert told[0].endswith("3 years, then reviewed.")
    assert told[1].startswith(helen.display_name)
    assert told[1].endswith("90 days, then disposed of.")
    assert REASON not in str(told)
    kept = readers_of(bob, channel.id).kept
    assert "90 days" in kept
    assert "Why: Common practice of 90 days" in kept
