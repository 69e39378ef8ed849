"""Keeping a message at hand for everybody in its channel."""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from audit.actions import Action
from audit.services import record
from messaging import bell
from messaging.exceptions import NotAllowed, TooManyPins
from messaging.models import Channel, Message, Pin
from messaging.queries import may_pin
from messaging.services.locks import lock_said
from messaging.services.positions import next_position

#: Of a channel: more would be looked through by nobody.
MOST_PINS: Final = 100


def pin(*, by: User, message_id: UUID, on: bool) -> Message:
    """Pin a message, or unpin it; what is so already stays as it is."""
    with transaction.atomic():
        channel, message = lock_said(by, message_id)
        if not may_pin(by, channel):
            raise NotAllowed(
                gettext_noop(
                    "Only those who may post in this channel, and no guests, can pin here."
                )
            )
        if on == Pin.objects.filter(message=message).exists():
            return message
        if on:
            _put_up(message, channel, by)
        else:
            Pin.objects.filter(message=message).delete()
        message.changed = next_position(channel)
        message.save(update_fields=["changed"])
        record(
            Action.MESSAGE_PINNED,
            actor=by.id,
            subject=message.id,
            channel=channel.id,
            position=message.changed,
            on=on,
        )
        bell.ring((channel.id, message.changed))
    return message


def _put_up(message: Message, channel: Channel, by: User) -> None:
    shown = Pin.objects.filter(
        channel=channel, message__deleted_at=None, message__out_of_view=False
    )
    if shown.count() >= MOST_PINS:
        raise TooManyPins
    Pin.objects.create(message=message, channel=channel, pinned_by=by)
