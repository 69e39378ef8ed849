"""An upheld objection takes a channel's part out of a proposal, whatever is left of it."""

import pytest

from accounts.models import User
from retention.models import Disposal
from retention.services.disposals import propose_disposals
from retention.services.objections import decide_objection, object_to_disposal
from tests.retention.conftest import Clock
from tests.retention.scenes import REASON, WORDS, held, past_channel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]


def test_what_is_left_and_held_goes_on_beside_what_was_held_alone_before(
    at: Clock, alice: User, bob: User, dana: User, hari: User
) -> None:
    past_channel(at, bob, name="Heather club")
    held(dana, person=bob)
    (alone,) = propose_disposals(by=hari)
    kiln = past_channel(at, alice)
    (both,) = propose_disposals(by=hari)
    assert (alone.due, both.due, both.held) == (0, len(WORDS), len(WORDS))
    number = both.number
    objection = object_to_disposal(by=alice, channel_id=kiln.pk, number=number, reason=REASON)
    decide_objection(by=hari, number=number, objection_id=objection.pk, upheld=True, reason=REASON)
    both.refresh_from_db()
    assert (both.state, both.due, both.held) == (Disposal.State.PROPOSED, 0, len(WORDS))
