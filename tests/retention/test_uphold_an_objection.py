"""An upheld objection takes a channel's part out of a proposal, whatever is left of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.db import connection

from accounts.models import User
from messaging.models import Channel
from retention.models import Disposal
from retention.services.disposals import approve_disposal, propose_disposals
from retention.services.objections import decide_objection, object_to_disposal
from retention.workers.destroying import carry_out_approved
from tests.cast import client_of
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import REASON, WORDS, approved, held, let_days_pass, past_channel
from tests.scenes import say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

_UNKNOWN = (Path(__file__).parents[2] / "retention" / "sql" / "left_out_unknown.sql").read_text()

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


def test_what_an_earlier_version_counted_with_what_is_held_is_not_known(
    at: Clock, as_role: AsRole, alice: User, bob: User, hari: User, helen: User
) -> None:
    past_channel(at, alice)
    former, later = (past_channel(at, bob, name=name) for name in ("Plates", "Heather club"))
    (disposal,) = propose_disposals(by=hari)
    _uphold(disposal, former, by=bob, decided_by=hari)
    with as_role("owner"), connection.cursor() as cursor:
        # What is decided from the migration on is counted rightly, and is known.
        cursor.execute(_UNKNOWN)
        assert not disposal.exclusions.filter(messages=None).exists()
        cursor.execute("UPDATE retention_objection SET decided_at = '2020-01-01T00:00Z'")
        cursor.execute(_UNKNOWN)
    _uphold(disposal, later, by=bob, decided_by=hari)
    page = client_of(helen).get(f"/records/disposals/{disposal.number}/").content.decode()
    assert "Left out, not known how many" in page
    let_days_pass(disposal, 60)
    approve_disposal(by=helen, number=disposal.number)
    let_days_pass(disposal, 20)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    assert certificate.document["left_out"] == {"objection": None}
    url, reader = f"/records/certificates/{certificate.number}", client_of(helen)
    assert "Left out, not known how many" in reader.get(f"{url}/").content.decode()
    assert reader.get(f"{url}.pdf").status_code == 200


def _uphold(disposal: Disposal, channel: Channel, *, by: User, decided_by: User) -> None:
    number = disposal.number
    made = object_to_disposal(by=by, channel_id=channel.pk, number=number, reason=REASON)
    decide_objection(by=decided_by, number=number, objection_id=made.pk, upheld=True, reason=REASON)
