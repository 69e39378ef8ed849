"""From a proposal to its end: put forward, objected to, cleared, approved, cooled off, stopped."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import User
from audit.clock import now
from audit.models import Entry
from messaging.models import Channel, MessageVersion
from messaging.services.channels import create_channel
from messaging.vault.versions import open_version
from retention.exceptions import (
    NeedsAnother,
    NobodysYet,
    NotAllowed,
    NotCleared,
    NotFound,
    NotOpen,
    StillObjecting,
    Undecided,
)
from retention.models import Disposal, Policy
from retention.proposing import due
from retention.services.clearances import clear_disposal
from retention.services.disposals import (
    approve_disposal,
    propose_disposals,
    put_disposal_forward,
    stop_disposal,
    withdraw_disposal,
)
from retention.services.objections import decide_objection, object_to_disposal
from retention.verify import wrong_disposals
from retention.workers import destroying
from retention.workers.destroying import carry_out_approved
from retention.workers.proposing import propose_tonight
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import (
    REASON,
    WORDS,
    approved,
    held,
    let_days_pass,
    past_channel,
    without_waiting,
    words_in,
)
from tests.roles import acting_as
from tests.scenes import say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]

#: More days than ten school days take, bank holidays of a Christmas included.
LONG_ENOUGH = 25


@pytest.fixture
def kiln(at: Clock, alice: User) -> Channel:
    return past_channel(at, alice, name="Kiln club")


def _proposed(by: User | None) -> Disposal:
    propose_disposals(by=by)
    return Disposal.objects.get(record_class="routine", state="proposed")


def test_a_machines_proposal_needs_two_people(
    kiln: Channel, as_role: AsRole, hari: User, helen: User
) -> None:
    with as_role("worker"):
        propose_tonight()
    disposal = Disposal.objects.get(record_class="routine")
    let_days_pass(disposal, LONG_ENOUGH)
    with pytest.raises(NobodysYet):
        approve_disposal(by=helen, number=disposal.number)
    put_disposal_forward(by=helen, number=disposal.number)
    with pytest.raises(NeedsAnother):
        approve_disposal(by=helen, number=disposal.number)
    with pytest.raises(NotOpen):
        put_disposal_forward(by=hari, number=disposal.number)


def test_the_database_refuses_an_approval_of_what_is_nobodys(kiln: Channel, helen: User) -> None:
    without_waiting()
    disposal = _proposed(None)
    at = now()
    for row in ({"cool_until": at, "expires_at": at + timedelta(days=1)}, {}):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            Disposal.objects.filter(pk=disposal.pk).update(
                state="approved", approved_by=helen, approved_at=at, **row
            )


def test_it_goes_only_between_the_cooling_off_and_its_lapse(
    kiln: Channel, as_role: AsRole, hari: User, helen: User
) -> None:
    disposal = _proposed(hari)
    with pytest.raises(StillObjecting):
        approve_disposal(by=helen, number=disposal.number)
    let_days_pass(disposal, LONG_ENOUGH)
    approve_disposal(by=helen, number=disposal.number)
    for days in (0, 13):
        let_days_pass(disposal, days)
        with as_role("disposer"):
            assert carry_out_approved() == []
    assert words_in(kiln) == len(WORDS)
    let_days_pass(disposal, 1)
    with as_role("disposer"):
        assert len(carry_out_approved()) == 1
    assert words_in(kiln) == 0


def test_an_approval_that_is_not_used_lapses(
    kiln: Channel, as_role: AsRole, hari: User, helen: User
) -> None:
    disposal = _proposed(hari)
    let_days_pass(disposal, LONG_ENOUGH)
    approve_disposal(by=helen, number=disposal.number)
    let_days_pass(disposal, 30)
    with as_role("disposer"):
        assert carry_out_approved() == []
    with as_role("worker"):
        propose_tonight()
    disposal.refresh_from_db()
    assert disposal.state == Disposal.State.EXPIRED
    assert words_in(kiln) == len(WORDS)
    assert len(propose_disposals(by=hari)) == 1


def test_what_people_have_ended_the_machine_proposes_no_more_this_month(
    kiln: Channel, hari: User
) -> None:
    disposal = _proposed(hari)
    withdraw_disposal(by=hari, number=disposal.number)
    assert propose_disposals(by=None) == []
    with acting_as("owner"):
        Disposal.objects.update(withdrawn_at=now() - timedelta(days=32))
    assert len(propose_disposals(by=None)) == 1


def test_an_owners_objection_waits_until_somebody_else_has_decided(
    kiln: Channel, at: Clock, alice: User, bob: User, hari: User, helen: User, carol: User
) -> None:
    other = past_channel(at, bob, name="Heather club")
    disposal = _proposed(hari)
    facts: dict[str, Any] = {"channel_id": kiln.pk, "number": disposal.number, "reason": REASON}
    for person in (carol, bob, hari):
        with pytest.raises(NotFound):
            object_to_disposal(by=person, **facts)
    objection = object_to_disposal(by=alice, **facts)
    with pytest.raises(NotOpen):
        object_to_disposal(by=alice, **facts)
    let_days_pass(disposal, LONG_ENOUGH)
    with pytest.raises(Undecided):
        approve_disposal(by=helen, number=disposal.number)
    with pytest.raises(NotFound):
        decide_objection(
            by=alice, number=disposal.number, objection_id=objection.pk, upheld=True, reason=REASON
        )
    decide_objection(
        by=hari, number=disposal.number, objection_id=objection.pk, upheld=True, reason=REASON
    )
    disposal.refresh_from_db()
    assert disposal.due == len(WORDS)
    assert {chunk.channel_id for chunk in disposal.chunks.all()} == {other.pk}
    approve_disposal(by=helen, number=disposal.number)
    approved = Entry.objects.get(action="disposal.approved")
    assert approved.facts["digest"] == disposal.digest


def test_a_proposal_of_which_nothing_is_left_is_over(
    kiln: Channel, alice: User, hari: User
) -> None:
    disposal = _proposed(hari)
    objection = object_to_disposal(
        by=alice, channel_id=kiln.pk, number=disposal.number, reason=REASON
    )
    decide_objection(
        by=hari, number=disposal.number, objection_id=objection.pk, upheld=True, reason=REASON
    )
    disposal.refresh_from_db()
    assert disposal.state == Disposal.State.WITHDRAWN


def test_owners_have_no_more_time_after_the_last_school_day(
    kiln: Channel, alice: User, hari: User
) -> None:
    disposal = _proposed(hari)
    assert disposal.object_before - disposal.proposed_at > timedelta(days=13)
    let_days_pass(disposal, LONG_ENOUGH)
    with pytest.raises(NotOpen):
        object_to_disposal(by=alice, channel_id=kiln.pk, number=disposal.number, reason=REASON)


def test_who_answers_for_a_kind_of_record_clears_it_first(
    at: Clock, alice: User, dana: User, hari: User, helen: User, priya: User
) -> None:
    without_waiting()
    Policy.objects.create(
        record_class="recruitment", version=9, name="Recruitment", months=12, action="dispose"
    )
    channel = create_channel(by=alice, kind="private", name="Jobs", record_class="recruitment")
    with at(PAST):
        say(alice, channel, "The second candidate was late")
    (disposal,) = propose_disposals(by=priya)
    with pytest.raises(NotCleared):
        approve_disposal(by=helen, number=disposal.number)
    for person in (dana, priya, helen):
        with pytest.raises(NotAllowed):
            clear_disposal(by=person, number=disposal.number, part="hr")
    clear_disposal(by=hari, number=disposal.number, part="hr")
    with pytest.raises(NotOpen):
        clear_disposal(by=hari, number=disposal.number, part="hr")
    approve_disposal(by=helen, number=disposal.number)


def test_the_dpo_alone_stops_it_with_a_reason_that_is_sealed(
    kiln: Channel, as_role: AsRole, hari: User, helen: User, priya: User, theo: User
) -> None:
    without_waiting()
    disposal = _proposed(hari)
    approve_disposal(by=helen, number=disposal.number)
    for person in (hari, helen):
        with pytest.raises(NotAllowed):
            stop_disposal(by=person, number=disposal.number, reason=REASON)
    with pytest.raises(NotFound):
        stop_disposal(by=theo, number=disposal.number, reason=REASON)
    stop_disposal(by=priya, number=disposal.number, reason=REASON)
    with as_role("disposer"):
        assert carry_out_approved() == []
        with pytest.raises(DatabaseError), transaction.atomic():
            Disposal.objects.filter(pk=disposal.pk).update(state="executing")
    assert words_in(kiln) == len(WORDS)
    assert REASON not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_the_dpo_stops_it_while_it_is_being_carried_out(
    kiln: Channel, as_role: AsRole, monkeypatch: pytest.MonkeyPatch, hari: User, helen: User,
    priya: User,
) -> None:  # fmt: skip
    monkeypatch.setattr(due, "CHUNK", 1)
    disposal = approved(hari, helen)
    real, done = destroying.destroy_chunk, []

    def stopped_after_the_first(*given: Any) -> None:
        real(*given)
        done.append(given)
        if len(done) == 1:
            with as_role("web"):
                stop_disposal(by=priya, number=disposal.number, reason=REASON)

    monkeypatch.setattr(destroying, "destroy_chunk", stopped_after_the_first)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    assert (certificate.document["messages"], words_in(kiln)) == (1, len(WORDS) - 1)
    left = MessageVersion.objects.filter(message__channel=kiln, message__kind="text")
    assert {open_version(one).text for one in left.select_related("message", "key")} < set(WORDS)
    assert list(wrong_disposals()) == []
    with pytest.raises(NotOpen):
        stop_disposal(by=priya, number=disposal.number, reason=REASON)


def test_what_is_only_held_goes_the_same_way_on_the_same_days(
    kiln: Channel, at: Clock, as_role: AsRole, alice: User, dana: User, hari: User, helen: User
) -> None:
    held(dana, channel=kiln)
    disposal = _proposed(hari)
    assert (disposal.due, disposal.held, disposal.bytes) == (0, len(WORDS), 0)
    let_days_pass(disposal, LONG_ENOUGH)
    approve_disposal(by=helen, number=disposal.number)
    with as_role("disposer"):
        assert carry_out_approved() == []
    let_days_pass(disposal, 14)
    with as_role("disposer"):
        assert len(carry_out_approved()) == 1
    assert words_in(kiln) == len(WORDS)
    assert not kiln.messages.filter(out_of_view=False, kind="text").exists()
