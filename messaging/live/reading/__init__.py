"""What the hub and the sockets read: few questions to the database, answered as plain JSON."""

from messaging.live.reading.changes import (
    Change,
    Changes,
    changes_of,
    heads_of,
)
from messaging.live.reading.hello import Greeting, greeting, joined_channel
from messaging.live.reading.pages import (
    after,
    answered,
    asked_for,
    beside,
    dated,
    earlier,
    latest,
    message_of,
    pinned,
    thread,
)

__all__ = [
    "Change",
    "Changes",
    "Greeting",
    "after",
    "answered",
    "asked_for",
    "beside",
    "changes_of",
    "dated",
    "earlier",
    "greeting",
    "heads_of",
    "joined_channel",
    "latest",
    "message_of",
    "pinned",
    "thread",
]
