"""How the pages name a channel."""

from messaging.models import Channel
from retention.exports.asked import channel_name


def name_of(channel: Channel) -> str:
    """A channel's name; a direct conversation is named by its people."""
    name = channel_name(channel)
    return f"Direct: {name}" if channel.kind == Channel.Kind.DIRECT else name
