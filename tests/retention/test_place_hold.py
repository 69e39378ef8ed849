"""Holds are placed for a reason, release takes a second person, and none gives itself away."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.models import Message
from messaging.services.channels import create_channel, open_direct
from retention.exceptions import (
    BadReason,
    ConcernsYou,
    EmptyHold,
    NeedsAnother,
    NotAllowed,
    NotFound,
    NotOpen,
)
from retention.locks import DESTROYING
from retention.queries.holds import holds_for
from retention.services.holds import place_hold, release_hold
from tests.retention.scenes import REASON, held
from tests.scenes import channel_of, say

DEALT_WITH = "The allegation has been dealt with."


def _held(message: Message) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM retention_held WHERE message = %s", [message.pk])
        return cursor.fetchone() is not None


@pytest.mark.django_db
def test_a_channels_hold_covers_all_of_it_and_nothing_else(
    alice: User, bob: User, dana: User
) -> None:
    one, other = channel_of(alice, bob, name="One"), channel_of(alice, bob, name="Other")
    inside, outside = say(alice, one, "inside"), say(alice, other, "outside")
    held(dana, channel=one)
    assert _held(inside)
    assert _held(say(bob, one, "what enters later"))
    assert not _held(outside)


@pytest.mark.django_db
def test_a_persons_hold_covers_what_they_wrote_and_their_direct_conversations(
    alice: User, bob: User, dana: User
) -> None:
    channel, direct = channel_of(alice, bob), open_direct(by=alice, people=[bob])
    theirs, others = say(bob, channel, "Bob's"), say(alice, channel, "Alice's")
    to_bob = say(alice, direct, "To Bob")
    held(dana, person=bob)
    assert _held(theirs)
    assert _held(to_bob)
    assert not _held(others)


@pytest.mark.django_db
def test_a_person_in_a_channel_is_held_only_there(alice: User, bob: User, dana: User) -> None:
    one, other = channel_of(alice, bob, name="One"), channel_of(alice, bob, name="Other")
    there, elsewhere = say(bob, one, "there"), say(bob, other, "elsewhere")
    held(dana, person=bob, channel=one)
    assert _held(there)
    assert not _held(elsewhere)
    assert not _held(say(alice, one, "Alice's"))


@pytest.mark.django_db
def test_placing_and_releasing_write_one_entry_each(alice: User, dana: User, helen: User) -> None:
    hold = held(dana, channel=channel_of(alice))
    release_hold(by=helen, number=hold.number, reason=DEALT_WITH)
    entries = Entry.objects.filter(subject=hold.uid).order_by("id")
    assert [entry.action for entry in entries] == [Action.HOLD_PLACED, Action.HOLD_RELEASED]
    assert REASON not in str([entry.facts for entry in entries])


@pytest.mark.django_db
def test_release_takes_a_second_person_who_is_an_approver(
    alice: User, dana: User, hari: User, helen: User, theo: User
) -> None:
    message = say(alice, channel := channel_of(alice), "kept")
    hold = held(helen, channel=channel)
    with pytest.raises(NeedsAnother):
        release_hold(by=helen, number=hold.number, reason=DEALT_WITH)
    for person in (dana, hari):
        with pytest.raises(NotAllowed):
            release_hold(by=person, number=hold.number, reason=DEALT_WITH)
    with pytest.raises(NotFound):
        release_hold(by=theo, number=hold.number, reason=DEALT_WITH)
    assert _held(message)


@pytest.mark.django_db
def test_a_released_hold_covers_nothing_and_is_released_once(
    alice: User, dana: User, helen: User
) -> None:
    message = say(alice, channel := channel_of(alice), "free again")
    hold = held(dana, channel=channel)
    release_hold(by=helen, number=hold.number, reason=DEALT_WITH)
    assert not _held(message)
    with pytest.raises(NotOpen):
        release_hold(by=helen, number=hold.number, reason=DEALT_WITH)


@pytest.mark.django_db
def test_whom_it_concerns_does_not_know_of_it(
    alice: User, dana: User, hari: User, helen: User
) -> None:
    about = create_channel(by=alice, kind="private", name="Case", about=[helen])
    hold = held(dana, person=hari)
    case = held(dana, channel=about)
    assert list(holds_for(hari)) == [case]
    assert list(holds_for(helen)) == [hold]
    with pytest.raises(NotFound):
        release_hold(by=helen, number=case.number, reason=DEALT_WITH)


@pytest.mark.django_db
def test_a_hold_needs_somebody_entitled_something_and_a_reason(
    alice: User, carol: User, theo: User, dana: User
) -> None:
    channel, review = channel_of(alice), date(2099, 1, 1)
    for person in (carol, theo):
        with pytest.raises(NotAllowed):
            place_hold(
                by=person, kind="police", reason=REASON, review_on=review, channels=[channel]
            )
    with pytest.raises(EmptyHold):
        place_hold(by=dana, kind="police", reason=REASON, review_on=review)
    with pytest.raises(BadReason):
        place_hold(by=dana, kind="police", reason="why", review_on=review, channels=[channel])
    with pytest.raises(ConcernsYou):
        held(dana, person=dana)


@pytest.mark.django_db(transaction=True)
def test_a_hold_waits_for_the_chunk_under_way(alice: User, dana: User) -> None:
    channel, placed = channel_of(alice), threading.Event()

    def place() -> None:
        try:
            held(dana, channel=channel)
            placed.set()
        finally:
            connection.close()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [DESTROYING])
        thread = threading.Thread(target=place)
        thread.start()
        assert not placed.wait(0.3)
    thread.join(10)
    assert placed.is_set()
