"""What is due is proposed, approved by a second person, or withdrawn."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import User
from messaging.services.channels import create_channel
from retention.exceptions import NeedsAnother, NotAllowed, NotFound, NotOpen
from retention.models import Disposal, DisposalItem
from retention.proposing.due import what_is_due
from retention.services.disposals import (
    approve_disposal,
    propose_disposals,
    withdraw_disposal,
)
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import WORDS, held, past_channel, without_waiting
from tests.roles import acting_as
from tests.scenes import say

pytestmark = pytest.mark.django_db


def test_only_what_is_past_due_is_proposed(at: Clock, alice: User, hari: User) -> None:
    channel = past_channel(at, alice)
    say(alice, channel, "Not due yet")
    (disposal,) = propose_disposals(by=hari)
    assert (disposal.due, disposal.held) == (len(WORDS), 0)
    assert DisposalItem.objects.filter(chunk__disposal=disposal).count() == len(WORDS)


def test_it_is_due_from_the_first_day_after_its_month_ends(
    at: Clock, alice: User, hari: User
) -> None:
    past_channel(at, alice)
    assert propose_disposals(by=hari, today=date(2025, 3, 31)) == []
    assert len(propose_disposals(by=hari, today=date(2025, 4, 1))) == 1


def test_what_is_held_is_counted_as_excluded(
    at: Clock, alice: User, dana: User, hari: User
) -> None:
    past_channel(at, alice, name="Going")
    held(dana, channel=past_channel(at, alice, name="Kept"))
    (disposal,) = propose_disposals(by=hari)
    assert (disposal.due, disposal.held) == (len(WORDS), len(WORDS))
    (due,) = [one for one in what_is_due() if one.record_class == "routine"]
    assert (due.due, due.held) == (len(WORDS), len(WORDS))


def test_what_is_for_review_is_never_proposed(at: Clock, alice: User, hari: User) -> None:
    channel = create_channel(by=alice, kind="private", name="Heads", record_class="governors")
    with at(PAST.replace(year=2015)):
        say(alice, channel, "Minutes")
    assert propose_disposals(by=hari) == []
    (due,) = [one for one in what_is_due() if one.record_class == "governors"]
    assert due.due == 1


def test_a_class_without_a_rule_is_under_routine(at: Clock, alice: User, hari: User) -> None:
    channel = create_channel(by=alice, kind="private", name="Odd", record_class="odd")
    with at(PAST):
        say(alice, channel, "Old")
    (disposal,) = propose_disposals(by=hari)
    assert (disposal.record_class, disposal.policy.record_class) == ("odd", "routine")


def test_a_class_has_one_open_disposal_at_a_time(at: Clock, alice: User, hari: User) -> None:
    past_channel(at, alice)
    assert len(propose_disposals(by=hari)) == 1
    assert propose_disposals(by=hari) == []
    withdraw_disposal(by=hari, number=Disposal.objects.get().number)
    assert len(propose_disposals(by=hari)) == 1


def test_nobody_approves_their_own(at: Clock, alice: User, helen: User, chris: User) -> None:
    without_waiting()
    past_channel(at, alice)
    (disposal,) = propose_disposals(by=helen)
    with pytest.raises(NeedsAnother):
        approve_disposal(by=helen, number=disposal.number)
    with (
        acting_as("owner"),
        pytest.raises(IntegrityError, match="two_people"),
        transaction.atomic(),
    ):
        Disposal.objects.filter(pk=disposal.pk).update(approved_by=helen)
    assert approve_disposal(by=chris, number=disposal.number).approved_by == chris
    with pytest.raises(NotOpen):
        approve_disposal(by=chris, number=disposal.number)


def test_only_an_approver_approves(
    at: Clock, alice: User, hari: User, dana: User, priya: User, theo: User
) -> None:
    past_channel(at, alice)
    (disposal,) = propose_disposals(by=hari)
    for person in (dana, priya):
        with pytest.raises(NotAllowed):
            approve_disposal(by=person, number=disposal.number)
    for person in (theo, alice):
        with pytest.raises(NotFound):
            approve_disposal(by=person, number=disposal.number)
        with pytest.raises(NotAllowed):
            propose_disposals(by=person)


def test_a_row_cannot_begin_approved(at: Clock, alice: User, hari: User, helen: User) -> None:
    past_channel(at, alice)
    (disposal,) = propose_disposals(by=hari)
    withdraw_disposal(by=hari, number=disposal.number)
    with pytest.raises(DatabaseError, match="begins proposed"), transaction.atomic():
        Disposal.objects.create(
            record_class="routine",
            policy=disposal.policy,
            cut_off=disposal.cut_off,
            due=0,
            held=0,
            digest=disposal.digest,
            object_before=disposal.object_before,
            state="approved",
            approved_by=helen,
            approved_at=disposal.proposed_at,
        )


def test_the_database_computes_the_same_digests(at: Clock, alice: User, hari: User) -> None:
    past_channel(at, alice)
    (disposal,) = propose_disposals(by=hari)
    with connection.cursor() as cursor:
        cursor.execute("SELECT retention_digest(%s)", [disposal.pk])
        assert cursor.fetchone()[0] == disposal.digest
        cursor.execute(
            "SELECT bool_and(digest = retention_items_digest(id)) FROM retention_disposalchunk"
        )
        assert cursor.fetchone()[0]
