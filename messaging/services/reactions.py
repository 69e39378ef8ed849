"""Giving a message an emoji, and taking it back."""

from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.services import record
from messaging import bell
from messaging.emoji import code_points, listed
from messaging.exceptions import NoSuchEmoji, TooManyEmoji
from messaging.models import Message, Reaction
from messaging.services.locks import lock_said
from messaging.services.positions import next_position

#: Different emoji on one message: more would not be read by anybody.
MOST_EMOJI: Final = 20


def react(*, by: User, message_id: UUID, emoji: str, on: bool) -> Message:
    """Give a message an emoji, or take one's own back; what is so already stays as it is."""
    known = listed(emoji)
    if known is None:
        raise NoSuchEmoji
    with transaction.atomic():
        channel, message = lock_said(by, message_id)
        if not (_give if on else _take_back)(message, by, known):
            return message
        message.changed = next_position(channel)
        message.save(update_fields=["changed"])
        record(
            Action.MESSAGE_REACTED,
            actor=by.id,
            subject=message.id,
            channel=channel.id,
            position=message.changed,
            emoji=code_points(known),
            on=on,
        )
        bell.ring((channel.id, message.changed))
    return message


def _give(message: Message, by: User, emoji: str) -> bool:
    """Whether it was new."""
    given = Reaction.objects.filter(message=message)
    if given.filter(person=by, emoji=emoji).exists():
        return False
    there = set(given.values_list("emoji", flat=True))
    if emoji not in there and len(there) >= MOST_EMOJI:
        raise TooManyEmoji
    Reaction.objects.create(message=message, person=by, emoji=emoji)
    return True


def _take_back(message: Message, by: User, emoji: str) -> bool:
    """Whether it was there."""
    deleted, _ = Reaction.objects.filter(message=message, person=by, emoji=emoji).delete()
    return deleted > 0
