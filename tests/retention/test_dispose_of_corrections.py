"""Corrections go with the messages that they are of, and are kept with what a hold keeps."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from accounts.models import User
from messaging.live import reading
from messaging.models import Channel, ContentKey, Correction, Message
from messaging.services.corrections import correct_own, correct_record
from messaging.vault.notes import open_correction
from messaging.verify import wrong_content
from retention.services.holds import release_hold
from retention.workers.destroying import carry_out_approved
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import REASON, approved, held, past_channel
from tests.scenes import say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def channel(at: Clock, alice: User, bob: User, priya: User) -> Channel:
    """Three messages of Alice's of the past and one of Bob's; one of hers and his are corrected."""
    made = past_channel(at, alice, bob)
    with at(PAST):
        hers = say(alice, made, "The kiln is mended")
        his = say(bob, made, "Marmalade at five")
    correct_own(author=alice, message_id=hers.id, body="It is not")
    correct_record(by=priya, message_id=his.id, body="At four", reason="request", reference="R 4")
    return made


def _texts() -> list[str]:
    found = Correction.objects.select_related("message", "key").order_by("id")
    return [open_correction(one).text for one in found]


def test_they_are_destroyed_with_the_message_and_others_stay(
    channel: Channel, as_role: AsRole, alice: User, hari: User, helen: User
) -> None:
    recent = say(alice, channel, "This is new")
    correct_own(author=alice, message_id=recent.id, body="And not quite right")
    approved(hari, helen)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()

    assert certificate.document["messages"] == 5
    assert _texts() == ["And not quite right"]
    assert list(wrong_content()) == []


def test_what_a_hold_keeps_is_sealed_anew_with_its_corrections_and_shown_to_nobody(
    channel: Channel, as_role: AsRole, bob: User, dana: User, hari: User, helen: User
) -> None:
    hold = held(dana, channel=channel, person=bob)
    former = set(ContentKey.objects.values_list("id", flat=True))
    approved(hari, helen)
    with as_role("disposer"):
        carry_out_approved()

    assert _texts() == ["At four"]
    assert Correction.objects.get().key_id not in former
    assert list(wrong_content()) == []
    page = reading.latest(bob, channel.id)["messages"]
    assert not [one for one in page if one["corrections"]]

    release_hold(by=helen, number=hold.number, reason=REASON)
    approved(hari, helen)
    with as_role("disposer"):
        carry_out_approved()
    assert (_texts(), Message.objects.filter(channel=channel, kind="text").count()) == ([], 0)
    assert list(wrong_content()) == []
