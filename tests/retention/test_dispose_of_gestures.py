"""Reactions, pins and mentions go with the messages that they are of."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from accounts.models import User
from messaging.live import reading
from messaging.models import Channel, Mention, Message, Pin, Reaction
from messaging.services.pins import pin
from messaging.services.reactions import react
from messaging.verify import wrong_content
from retention.services.holds import release_hold
from retention.workers.destroying import carry_out_approved
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import REASON, approved, held, past_channel
from tests.scenes import say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def channel(at: Clock, alice: User, bob: User) -> Channel:
    """Of its four messages of the past one mentions Bob; all have a reaction and a pin."""
    made = past_channel(at, alice, bob)
    with at(PAST):
        say(alice, made, f"@{bob.display_name}, the kiln")
    for message in Message.objects.filter(channel=made, kind="text"):
        react(by=bob, message_id=message.id, emoji="👍", on=True)
        pin(by=bob, message_id=message.id, on=True)
    return made


def _counts() -> tuple[int, int, int]:
    return Reaction.objects.count(), Pin.objects.count(), Mention.objects.count()


def test_they_are_destroyed_with_the_message_and_others_stay(
    channel: Channel, as_role: AsRole, alice: User, bob: User, hari: User, helen: User
) -> None:
    recent = say(alice, channel, f"@{bob.display_name}, this is new")
    react(by=bob, message_id=recent.id, emoji="🎉", on=True)
    pin(by=bob, message_id=recent.id, on=True)
    assert _counts() == (5, 5, 2)
    approved(hari, helen)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()

    assert certificate.document["messages"] == 4
    assert _counts() == (1, 1, 1)
    (shown,) = reading.pinned(bob, channel.id)["messages"]
    assert [one["emoji"] for one in shown["reactions"]] == ["🎉"]
    assert list(wrong_content()) == []


def test_of_what_a_hold_keeps_nothing_is_shown_and_nothing_is_lost(
    channel: Channel, as_role: AsRole, bob: User, dana: User, hari: User, helen: User
) -> None:
    hold = held(dana, channel=channel)
    approved(hari, helen)
    with as_role("disposer"):
        carry_out_approved()

    assert _counts() == (4, 4, 1)
    assert reading.pinned(bob, channel.id)["messages"] == []
    told = reading.joined_channel(channel.id, [bob.id])[bob.id]
    assert (told["mentions"], told["unread"]) == (0, 0)
    page = reading.latest(bob, channel.id)["messages"]
    assert not [one for one in page if one["reactions"] or one["pinned"]]

    release_hold(by=helen, number=hold.number, reason=REASON)
    approved(hari, helen)
    with as_role("disposer"):
        carry_out_approved()
    assert _counts() == (0, 0, 0)
