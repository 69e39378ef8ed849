"""What hangs on a message: on one that is there, and not on one that goes."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from messaging.gestures import Mention, Pin, Reaction
from messaging.models import Channel, Message
from messaging.own import SavedMessage
from messaging.services.saved import save_message
from tests.roles import acting_as
from tests.scenes import channel_of, say


def _reaction(message: Message, person: User, channel: Channel) -> None:
    Reaction.objects.create(message=message, person=person, emoji="👍")


def _pin(message: Message, person: User, channel: Channel) -> None:
    Pin.objects.create(message=message, channel=channel, pinned_by=person)


def _mention(message: Message, person: User, channel: Channel) -> None:
    Mention.objects.create(message=message, channel=channel, seq=1, person=person)


_HANGING = [_reaction, _pin, _mention]


@pytest.mark.django_db
@pytest.mark.parametrize("hang", _HANGING)
def test_nothing_hangs_on_a_message_that_is_not_there(
    hang: Callable[[Message, User, Channel], None], alice: User, bob: User
) -> None:
    channel = channel_of(alice, bob)
    with transaction.atomic():
        hang(Message(id=uuid4()), alice, channel)
        with pytest.raises(IntegrityError, match="refers to a message that is not there"):
            _ask_at_once()
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("hang", _HANGING)
def test_a_message_on_which_something_hangs_does_not_go(
    hang: Callable[[Message, User, Channel], None], alice: User, bob: User
) -> None:
    channel = channel_of(alice, bob)
    message = say(alice, channel, "Keys are in the safe")
    hang(message, bob, channel)
    with pytest.raises(IntegrityError, match="something hangs"), transaction.atomic():
        _delete(message)
    assert Message.objects.filter(pk=message.pk).exists()


@pytest.mark.django_db
def test_what_somebody_saved_goes_with_it(alice: User, bob: User) -> None:
    message = say(alice, channel_of(alice, bob), "Keys are in the safe")
    save_message(person=bob, message_id=message.pk)
    _delete(message)
    assert not SavedMessage.objects.exists()
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SELECT FROM messaging_hanging")
        assert cursor.fetchone() is None


def _ask_at_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _delete(message: Message) -> None:
    """As the door does: the versions first."""
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging_messageversion WHERE message_id = %s", [message.pk])
        cursor.execute("DELETE FROM messaging_message WHERE id = %s", [message.pk])
