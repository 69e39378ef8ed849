"""An upheld objection takes a channel's part out of a proposal, whatever is left of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from accounts.models import User
from messaging.models import Channel
from retention.models import Disposal
from retention.services.disposals import approve_disposal, propose_disposals
from retention.services.objections import decide_objection, object_to_disposal
from retention.workers.destroying import carry_out_approved
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import REASON, WORDS, approved, held, let_days_pass, past_channel
from tests.scenes import say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]


def test_what_is_left_and_held_goes_on_beside_what_was_held_alone_before(
    at: Clock, alice: User, bob: User, dana: User, hari: User
) -> None:
    past_channel(at, bob, name="Heather club")
    held(dana, person=bob)
    (alone,) = propose_disposals(by=hari)
    kiln = past_channel(at, alice)
    (both,) = propose_disposals(by=hari)
    assert (alone.due, both.due, both.held) == (0, len(WORDS), len(WORDS))
    _uphold(both, kiln, by=alice, decided_by=hari)
    both.refresh_from_db()
    assert (both.state, both.due, both.held) == (Disposal.State.PROPOSED, 0, len(WORDS))


def test_the_certificate_counts_all_that_objections_took_out_and_nothing_that_is_held(
    at: Clock, as_role: AsRole, alice: User, bob: User, dana: User, hari: User, helen: User
) -> None:
    past_channel(at, alice)
    four = past_channel(at, bob, name="Heather club", words=(*WORDS, "A fourth"))
    mixed = past_channel(at, bob, alice, name="Plates")
    with at(PAST):
        say(alice, mixed, "Not held")
    covered = past_channel(at, bob, name="Marmalade")
    held(dana, channels=[mixed, covered], person=bob)
    (disposal,) = propose_disposals(by=hari)
    for channel in (four, mixed, covered):
        _uphold(disposal, channel, by=bob, decided_by=hari)
    let_days_pass(disposal, 60)
    approve_disposal(by=helen, number=disposal.number)
    let_days_pass(disposal, 20)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    assert certificate.document["left_out"] == {"objection": len(WORDS) + 1 + 1}


def test_that_of_what_is_held_alone_says_that_nothing_was_left_out(
    at: Clock, as_role: AsRole, bob: User, dana: User, hari: User, helen: User
) -> None:
    held(dana, channel=past_channel(at, bob))
    alone = approved(hari, helen)
    assert alone.due == 0
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    assert certificate.document["left_out"] == {}


def _uphold(disposal: Disposal, channel: Channel, *, by: User, decided_by: User) -> None:
    number = disposal.number
    made = object_to_disposal(by=by, channel_id=channel.pk, number=number, reason=REASON)
    decide_objection(by=decided_by, number=number, objection_id=made.pk, upheld=True, reason=REASON)
