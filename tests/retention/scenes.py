"""Scenes of retention: a channel of the past, and a disposal approved by two people."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import F

from accounts.models import User
from audit.clock import now
from messaging.models import Channel, Message
from retention.models import Disposal, Hold, RecordsSettings
from retention.services.disposals import approve_disposal, propose_disposals
from retention.services.holds import place_hold
from tests.retention.conftest import PAST, Clock
from tests.roles import acting_as
from tests.scenes import channel_of, say

REASON = "An allegation that the head is looking into."
WORDS = ("The kiln is broken again", "Please bring the heather plates", "Marmalade at four")


def past_channel(
    at: Clock,
    owner: User,
    *members: User,
    name: str = "Kiln club",
    words: Sequence[str] = WORDS,
) -> Channel:
    """A channel with messages of March 2024, three of them by default, long due."""
    channel = channel_of(owner, *members, name=name)
    with at(PAST):
        for some in words:
            say(owner, channel, some)
    return channel


def words_in(channel: Channel) -> int:
    """The messages that people wrote in a channel, in view or not."""
    return Message.objects.filter(channel=channel, kind="text").count()


def without_waiting() -> None:
    """The school has its steps as short as they may be: owners have no days, nothing cools off."""
    shortest = {"object_days": 0, "cool_days": 0}
    RecordsSettings.objects.update_or_create(pk=1, defaults=shortest)


def let_days_pass(disposal: Disposal, days: int) -> None:
    """Everything about it was so many days earlier."""
    names = ("proposed_at", "object_before", "approved_at", "cool_until", "expires_at")
    ago = {name: F(name) - timedelta(days=days) for name in names}
    with acting_as("owner"):
        Disposal.objects.filter(pk=disposal.pk).update(**ago)


def approved(proposer: User, approver: User, record_class: str = "routine") -> Disposal:
    """The disposal of what is due in a class, proposed by one and approved by another at once."""
    without_waiting()
    proposed = {one.record_class: one for one in propose_disposals(by=proposer)}
    return approve_disposal(by=approver, number=proposed[record_class].number)


def held(
    by: User, *, channel: Channel | None = None, person: User | None = None, **on: Any
) -> Hold:
    """A hold on a channel, a person or, in `channels` and `people`, several."""
    wanted: dict[str, Any] = {
        "kind": "safeguarding",
        "reason": REASON,
        "review_on": (now() + timedelta(days=90)).date(),
        "channels": [channel] if channel else [],
        "people": [person] if person else [],
    }
    return place_hold(by=by, **(wanted | on))
