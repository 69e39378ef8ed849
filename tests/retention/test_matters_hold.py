"""An open concern holds its message by itself, until it is closed."""

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.models import Message
from oversight.errors import OversightError
from oversight.models import Concern
from oversight.services.concerns import acknowledge_concern, close_concern, raise_concern
from retention.models import Matter
from retention.queries.rules import policies
from retention.services.classes import set_record_class
from retention.tasks import show_undue
from retention.workers.destroying import carry_out_approved
from tests.cast import client_of
from tests.retention.conftest import Clock
from tests.retention.scenes import REASON, approved, past_channel, words_in
from tests.roles import acting_as
from tests.scenes import channel_of, say


def _held(message: Message) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM retention_held WHERE message = %s", [message.pk])
        return cursor.fetchone() is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("movable_keyring")
def test_the_message_of_an_open_concern_is_not_disposed_of(
    at: Clock, alice: User, bob: User, hari: User, helen: User, dana: User
) -> None:
    channel = past_channel(at, alice, bob)
    message = Message.objects.filter(channel=channel, kind="text").earliest("seq")
    concern = raise_concern(by=bob, message_id=message.pk)
    disposal = approved(hari, helen)
    with acting_as("disposer"):
        carry_out_approved()
    assert words_in(channel) == 1
    assert Message.objects.get(pk=message.pk).out_of_view
    # Nobody reads of a hold in it: there is no number for what a matter holds.
    assert (
        "held" not in client_of(hari).get(f"/records/disposals/{disposal.number}/").content.decode()
    )
    acknowledge_concern(by=dana, number=concern.number)
    assert _held(message)
    close_concern(by=dana, number=concern.number)
    approved(hari, helen)
    with acting_as("disposer"):
        carry_out_approved()
    assert words_in(channel) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("movable_keyring")
def test_what_it_alone_held_comes_back_within_the_hour_when_it_is_due_no_more(
    at: Clock, alice: User, bob: User, hari: User, helen: User, dana: User
) -> None:
    channel = past_channel(at, alice, bob)
    message = Message.objects.filter(channel=channel, kind="text").earliest("seq")
    concern = raise_concern(by=bob, message_id=message.pk)
    approved(hari, helen)
    with acting_as("disposer"):
        carry_out_approved()
    kept = next(rule.record_class for rule in policies() if rule.action == "keep")
    set_record_class(by=helen, channel=channel, record_class=kept, reason=REASON)
    for after, ended in ((True, False), (False, True)):
        if ended:
            acknowledge_concern(by=dana, number=concern.number)
            close_concern(by=dana, number=concern.number)
        with acting_as("worker"):
            show_undue(0)
        assert Message.objects.get(pk=message.pk).out_of_view is after


@pytest.mark.django_db
def test_a_concern_is_closed_once_it_was_taken_and_writes_one_entry(
    alice: User, bob: User, carol: User, theo: User, dana: User
) -> None:
    message = say(alice, channel_of(alice, bob), "This worries me")
    concern = raise_concern(by=bob, message_id=message.pk)
    page = f"/safeguarding/concerns/{concern.number}/close/"
    client_of(dana).post(page)
    assert Concern.objects.get().closed_at is None
    acknowledge_concern(by=dana, number=concern.number)
    for person in (carol, theo, alice):
        assert client_of(person).post(page).status_code in {403, 404}
        with pytest.raises(OversightError):
            close_concern(by=person, number=concern.number)
    assert _held(message)
    shown = client_of(dana).post(page, follow=True).content.decode()
    assert "Closed by" in shown
    client_of(dana).post(page)
    assert Entry.objects.filter(action=Action.CONCERN_CLOSED, subject=concern.uid).count() == 1
    assert not _held(message)


@pytest.mark.django_db
def test_a_message_of_two_concerns_is_held_until_both_are_closed(
    alice: User, bob: User, carol: User, dana: User
) -> None:
    message = say(alice, channel_of(alice, bob, carol), "This worries us")
    raised = [raise_concern(by=person, message_id=message.pk) for person in (bob, carol)]
    for concern, after in zip(raised, (True, False), strict=True):
        acknowledge_concern(by=dana, number=concern.number)
        close_concern(by=dana, number=concern.number)
        assert _held(message) is after


@pytest.mark.django_db
def test_nobody_who_serves_takes_a_matter_away(alice: User, bob: User, dana: User) -> None:
    assert dana.is_active
    raise_concern(by=bob, message_id=say(alice, channel_of(alice, bob), "Oh").pk)
    for role in ("web", "worker"):
        with acting_as(role), pytest.raises(ProgrammingError), transaction.atomic():
            Matter.objects.get().messages.all().delete()
