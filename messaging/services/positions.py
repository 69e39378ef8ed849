"""Taking the next position of a channel, under the lock of its row."""

from uuid import UUID

from django.db import connection

from messaging.exceptions import ChannelNotFound
from messaging.models import Channel


def lock_channel(channel_id: UUID) -> Channel:
    """The channel, its row locked until the transaction ends.

    NO KEY: a foreign key that points to the channel need not wait for it.
    """
    channel = Channel.objects.select_for_update(no_key=True).filter(id=channel_id).first()
    if channel is None:
        raise ChannelNotFound
    return channel


def next_position(channel: Channel) -> int:
    """The next position of a locked channel."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_channel SET head = head + 1 WHERE id = %s RETURNING head",
            [channel.id],
        )
        row = cursor.fetchone()
    channel.head = int(row[0])
    return channel.head
