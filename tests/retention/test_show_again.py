"""What a hold alone kept comes back into view with whatever makes it due no more."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction

from accounts.models import User
from accounts.services.people import change_person
from messaging.models import Channel, Message
from retention.due.terms import Trigger
from retention.locks import DESTROYING
from retention.models import Policy
from retention.queries.rules import policies
from retention.services.classes import set_record_class
from retention.services.dates import agree_to_date, set_trigger
from retention.services.holds import release_hold
from retention.services.policies import Rule, change_policy
from retention.showing_again import show_what_is_undue
from retention.tasks import show_undue
from retention.workers.destroying import carry_out_approved
from retention.workers.matching import match_open_holds
from tests.retention.conftest import Clock
from tests.retention.scenes import REASON, approved, held, past_channel
from tests.roles import acting_as
from tests.scenes import channel_of, say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

DATED = "dated"
DAY = date(2024, 4, 1)


def _dated(channel: Channel, trigger: Trigger) -> Channel:
    """Under a rule that counts from a date."""
    with acting_as("owner"):
        Policy.objects.create(
            record_class=DATED, name="Dated", trigger=trigger, months=1, action="dispose"
        )
        Channel.objects.filter(pk=channel.pk).update(record_class=DATED)
    channel.refresh_from_db()
    return channel


def _longer_rule(by: User, _channel: Channel) -> None:
    rule = Rule(
        name="Dated", trigger=Trigger.SET, months=1_000, action="dispose", authority="The governors"
    )
    change_policy(by=by, record_class=DATED, rule=rule, reason=REASON)


def _another_class(by: User, channel: Channel) -> None:
    kept = next(rule.record_class for rule in policies() if rule.action == "keep")
    set_record_class(by=by, channel=channel, record_class=kept, reason=REASON)


def _later_date(by: User, channel: Channel) -> None:
    set_trigger(by=by, channel=channel, on=date(2090, 1, 1), reason=REASON)


@pytest.mark.parametrize("change", [_longer_rule, _another_class, _later_date])
def test_it_comes_back_when_a_rule_a_class_or_a_date_makes_it_due_no_more(
    change: Callable[[User, Channel], None],
    at: Clock, alice: User, dana: User, hari: User, helen: User,
) -> None:  # fmt: skip
    channel = _dated(past_channel(at, alice), Trigger.SET)
    set_trigger(by=hari, channel=channel, on=DAY, reason=REASON)
    agree_to_date(by=helen, channel=channel, on=DAY)
    hold = held(dana, channel=channel)
    approved(hari, helen, record_class=DATED)
    with acting_as("disposer"):
        carry_out_approved()
    release_hold(by=helen, number=hold.number, reason=REASON)
    hidden = Message.objects.filter(channel=channel, out_of_view=True)
    assert hidden.exists()
    change(helen, channel)
    assert not hidden.exists()


def test_it_comes_back_within_the_hour_when_whoever_it_counts_from_leaves_later(
    at: Clock, alice: User, bob: User, dana: User, hari: User, helen: User, theo: User
) -> None:
    channel = _dated(past_channel(at, alice), Trigger.LEAVING)
    change_person(by=theo, person_id=bob.pk, changes={"leaving_on": DAY})
    set_trigger(by=hari, channel=channel, person=bob, reason=REASON)
    agree_to_date(by=helen, channel=channel, on=DAY)
    hold = held(dana, channel=channel)
    approved(hari, helen, record_class=DATED)
    with acting_as("disposer"):
        carry_out_approved()
    release_hold(by=helen, number=hold.number, reason=REASON)
    hidden = Message.objects.filter(channel=channel, out_of_view=True)
    for leaves, still in ((DAY, True), (date(2090, 1, 1), False)):
        change_person(by=theo, person_id=bob.pk, changes={"leaving_on": leaves})
        with acting_as("worker"):
            show_undue(0)
        assert hidden.exists() is still


def test_it_comes_back_when_the_words_of_its_hold_are_not_found_in_it(
    at: Clock, alice: User, dana: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice)
    held(dana, channel=channel, words="zebrafinch")
    approved(hari, helen)
    with acting_as("disposer"):
        carry_out_approved()
    _another_class(helen, channel)
    hidden = Message.objects.filter(channel=channel, out_of_view=True)
    assert hidden.exists(), "nobody has looked for the words yet"
    with acting_as("worker"):
        match_open_holds()
    assert not hidden.exists()


def _goes_on_beside_a_chunk(job: Callable[[], int]) -> bool:
    """Whether the worker's job waits for no chunk that is being destroyed."""
    ended = threading.Event()

    def work() -> None:
        try:
            job()
            ended.set()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    with acting_as("worker"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [DESTROYING])
            thread.start()
            went_on = ended.wait(10)
        thread.join()
    return went_on


def test_matching_what_entered_keeps_nobody_from_destroying(
    alice: User, bob: User, dana: User
) -> None:
    channel = channel_of(alice, bob)
    held(dana, channel=channel, words="zebrafinch")
    say(bob, channel, "It entered this very minute")
    assert _goes_on_beside_a_chunk(match_open_holds)
    with acting_as("worker"):
        assert match_open_holds() == 0, "it has been matched"


def test_looking_for_it_keeps_nobody_from_destroying_unless_it_is_found(
    at: Clock, alice: User, dana: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice)
    hold = held(dana, channel=channel)
    approved(hari, helen)
    with acting_as("disposer"):
        carry_out_approved()
    hidden = Message.objects.filter(channel=channel, out_of_view=True)
    assert _goes_on_beside_a_chunk(show_what_is_undue)
    _another_class(helen, channel)
    release_hold(by=helen, number=hold.number, reason=REASON)
    assert not hidden.exists()


def test_what_is_out_of_view_is_found_by_an_index_of_its_own() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT FROM retention_undue")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "messaging_message_hidden" in plan
