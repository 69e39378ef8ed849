"""Taking the next position of a channel, and its time, under the lock of its row."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from audit.clock import now
from messaging.exceptions import ChannelNotFound
from messaging.models import Channel, Message

#: As in ready.sql: what lies further ahead of the clock was a wrong time.
_AHEAD: Final = timedelta(minutes=10)


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


def next_time(channel: Channel) -> datetime:
    """The time of the next message of a locked channel: the present; or, where the newest lies a
    little ahead of the clock, the millisecond after it."""
    at = now()
    ahead = Message.objects.filter(channel=channel, sent_at__gte=at, sent_at__lte=at + _AHEAD)
    newest = ahead.order_by("-sent_at").values_list("sent_at", flat=True).first()
    return newest + timedelta(milliseconds=1) if newest else at
