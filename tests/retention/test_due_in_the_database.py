"""The database says the same of what is due as the pure rules, for every trigger."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings

from accounts.models import User
from messaging.models import Channel, Message
from retention.due.terms import Term, Trigger, cut_off
from retention.models import ChannelDate, MessageClass, Policy
from retention.proposing.due import what_is_due
from tests.retention.conftest import Clock
from tests.retention.scenes import WORDS, past_channel
from tests.retention.test_terms import dates, days, terms
from tests.scenes import channel_of

TODAY = date(2026, 11, 30)

pytestmark = pytest.mark.django_db


def _asked(sql: str, *values: Any) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", values)
        return cursor.fetchone()[0]


def test_both_have_the_same_cut_off() -> None:
    @settings(max_examples=400, deadline=None)
    @given(terms, days, dates)
    def holds(term: Term, today: date, on: date | None) -> None:
        said = _asked(
            "retention_cut_off_of(%s, %s, %s, %s, %s)",
            *(str(term.trigger), term.months, term.days, on, today),
        )
        assert said == cut_off(term, today, on)

    holds()


def _rule(record_class: str, trigger: str, action: str = "dispose", months: int = 12) -> None:
    Policy.objects.create(
        record_class=record_class, version=90, name="A rule", months=months,
        trigger=trigger, action=action, authority="The governors",
    )  # fmt: skip


def _cut_off(channel: Channel) -> object:
    return _asked("retention_cut_off(%s, %s, %s)", channel.record_class, channel.pk, TODAY)


@pytest.mark.parametrize("trigger", ["leaving", "closure", "set"])
def test_a_channel_is_not_due_before_its_date_is_agreed(
    alice: User, bob: User, trigger: str
) -> None:
    channel = channel_of(alice)
    _rule("routine", trigger)
    term = Term(trigger=Trigger(trigger), months=12)
    assert _cut_off(channel) is None

    day = date(2025, 10, 31)
    ChannelDate.objects.create(channel=channel, day=day, set_by=alice)
    assert _cut_off(channel) is None
    _agreed(channel, day, bob)
    assert _cut_off(channel) == cut_off(term, TODAY, day)
    _agreed(channel, date(2025, 12, 1), bob)
    assert _cut_off(channel) is None


def _agreed(channel: Channel, day: date, by: User) -> None:
    ChannelDate.objects.filter(channel=channel).update(agreed=day, agreed_by=by)


def test_a_date_may_be_the_day_on_which_somebody_leaves(alice: User, bob: User, hari: User) -> None:
    channel = channel_of(alice)
    _rule("routine", "leaving")
    ChannelDate.objects.create(channel=channel, person=bob, set_by=alice)
    assert _cut_off(channel) is None

    bob.leaving_on = date(2025, 8, 31)
    bob.save(update_fields=["leaving_on"])
    assert _cut_off(channel) is None
    _agreed(channel, bob.leaving_on, hari)
    assert _cut_off(channel) is not None


def _due_of(record_class: str) -> int:
    return {one.record_class: one.due for one in what_is_due(TODAY)}[record_class]


def _under(message: UUID, record_class: str, by: User) -> None:
    MessageClass.objects.create(
        message_id=message, record_class=record_class, record=message, set_by=by
    )


@pytest.mark.parametrize("action", ["review", "keep", "dispose"])
def test_a_message_waits_for_the_longer_rule_of_its_own(
    at: Clock, alice: User, action: str
) -> None:
    channel = past_channel(at, alice)
    assert _due_of("routine") >= len(WORDS)
    before = _due_of("routine")

    _rule("recruitment", "message", action, months=120)
    _under(Message.objects.filter(channel=channel, kind="text")[0].pk, "recruitment", alice)
    assert _due_of("routine") == before - 1
    if action == "dispose":  # until that has ended, too
        later = what_is_due(date(2034, 4, 1))
        everything = Message.objects.filter(channel=channel).count()
        assert {one.record_class: one.due for one in later}["routine"] == everything


def test_what_the_database_refuses_of_a_rule() -> None:
    for wrong in (
        {"record_class": "child_sexual_abuse", "action": "dispose"},
        {"record_class": "statutory_inquiry", "action": "dispose"},
        {"days": 90},
        {"months": None},
        {"trigger": "moon"},
    ):
        rule = {"record_class": "x", "action": "review", "months": 12} | wrong
        with pytest.raises(IntegrityError), transaction.atomic():
            Policy.objects.create(version=99, name="x", authority="x", **rule)


def test_nobody_approves_what_they_proposed(alice: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(
            record_class="x", version=99, name="x", authority="x", months=1, action="keep",
            proposed_by=alice, approved_by=alice,
        )  # fmt: skip


def test_a_moment_of_a_year_ends_where_the_school_is(alice: User) -> None:
    channel = channel_of(alice)
    _rule("routine", "academic_year")
    assert isinstance(said := _cut_off(channel), datetime)
    assert said == cut_off(Term(trigger=Trigger.ACADEMIC_YEAR, months=12), TODAY)
