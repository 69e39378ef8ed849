"""Saving a message to find it again. No entry: what somebody looks at twice is their own."""

from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.personal_keys import key_of
from messaging.exceptions import AlreadyDeleted, TooManySaved
from messaging.models import SavedMessage
from messaging.queries import message_for

#: More would not be looked through by anybody.
MOST_SAVED: Final = 200


@transaction.atomic
def save_message(*, person: User, message_id: UUID) -> None:
    """Put a message on the person's list; one that is there stays. Raises MessageNotFound."""
    message = message_for(person, message_id)
    if message.deleted_at:
        raise AlreadyDeleted
    # Held, so that two pages together cannot pass the limit.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    key = key_of(person.pk)
    mine = SavedMessage.objects.filter(key=key)
    if not mine.filter(message=message).exists():
        if mine.count() >= MOST_SAVED:
            raise TooManySaved
        SavedMessage.objects.create(key=key, message=message)


@transaction.atomic
def forget_message(*, person: User, message_id: UUID) -> None:
    """Take a message off the person's list, whether or not they may still read it."""
    SavedMessage.objects.filter(key__person=person, message_id=message_id).delete()
