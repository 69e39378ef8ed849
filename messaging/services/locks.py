"""A channel, or a message in it, as it is under the lock of the channel's row, for who may act."""

from uuid import UUID

from accounts.models import User
from messaging.exceptions import Archived, MessageNotFound, NotAllowed
from messaging.models import Channel, Message
from messaging.queries import channel_for, may_manage, member_of, message_for
from messaging.services.positions import lock_channel


def lock_managed(by: User, channel_id: UUID) -> Channel:
    """A channel that this person may change; ChannelNotFound for outsiders, else NotAllowed."""
    channel = lock_channel(channel_id)
    channel_for(by, channel_id)
    if not may_manage(by, channel):
        raise NotAllowed
    return channel


def lock_message(person: User, message_id: UUID) -> tuple[Channel, Message]:
    """The message as it is once its channel's row is locked, if this person may read it."""
    seen = message_for(person, message_id)
    channel = lock_channel(seen.channel_id)
    if not member_of(person, channel):
        raise MessageNotFound
    return channel, message_for(person, message_id)


def lock_said(person: User, message_id: UUID) -> tuple[Channel, Message]:
    """The same of something that somebody said, which stands in a channel that is not closed."""
    channel, message = lock_message(person, message_id)
    if message.deleted_at or message.kind == Message.Kind.SYSTEM:
        raise MessageNotFound
    if channel.archived_at:
        raise Archived
    return channel, message
