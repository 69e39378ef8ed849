"""What the tests of the live path's reads share: counting queries, and channels to read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import psycopg
from django.db import connection

from accounts.models import User
from messaging.imports.whatsapp.parse import parse
from messaging.live import reading
from messaging.models import Channel, Message
from messaging.services.channels import open_direct
from messaging.services.imports import import_whatsapp
from tests.roles import acting_as
from tests.scenes import channel_of, say

#: A channel in `welcome` and a message, field by field, as docs/reference/protocol.md has them.
CHANNEL_FIELDS = [
    "id", "name", "kind", "last", "read", "unread", "mentions", "muted", "archived", "can_post",
    "mention_all", "can_mention_all", "can_pin", "no_images", "members",
    "purpose", "people", "oldest",
]  # fmt: skip
MESSAGE_FIELDS = [
    "id", "channel", "seq", "changed", "ref", "author", "sent_at", "kind", "body", "html",
    "reply_to", "attachments", "reactions", "mentions", "mentions_all", "forwarded", "edited_at",
    "deleted_at", "pinned", "corrections",
]  # fmt: skip


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that is sent with a cursor; BEGIN and COMMIT go without."""
    sent: list[str] = []
    execute = psycopg.Cursor.execute

    def counting(cursor: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        sent.append(str(query))
        return execute(cursor, query, *args, **kwargs)

    with patch.object(psycopg.Cursor, "execute", counting):
        yield sent


def queries_of(call: Callable[[], object]) -> int:
    with counted() as sent:
        call()
    return len(sent)


def head(channel: Channel) -> int:
    return reading.heads_of([channel.id])[channel.id]


def imported(channel: Channel, by: User, *lines: str) -> None:
    said = lines or ("Line 1", "Line 2")
    text = "".join(f"09/01/2026, 07:30 - Nadia: {line}\n" for line in said)
    export = parse(text.encode(), file_name="chat.txt", date_order="dmy")
    import_whatsapp(export, channel=channel, by=by, timezone=ZoneInfo("Europe/London"))


def put_out_of_view(message: Message) -> None:
    """As a disposal does with what is held."""
    with acting_as("owner"):
        Message.objects.filter(id=message.id).update(out_of_view=True)


def spoil(message: Message) -> None:
    """What somebody with the server's superuser can do to a body."""
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE messaging_messageversion SET sealed = set_byte(sealed, 40, 0) "
            "WHERE message_id = %s",
            [message.id],
        )
        cursor.execute("SET session_replication_role = origin")


def bodies(messages: list[dict[str, Any]]) -> list[str]:
    return [message["body"] for message in messages if message["kind"] != "system"]


def long_messages(author: User, channel: Channel, count: int, letter: str) -> list[str]:
    """As long as a message may be."""
    written = [f"{n} {letter * (7_990 // len(letter))}." for n in range(count)]
    for text in written:
        say(author, channel, text)
    return written


def fifty_channels(alice: User, bob: User, carol: User) -> list[Channel]:
    """Alice's fifty channels, of which two are direct; in each Bob said something."""
    channels = [channel_of(alice, bob, name=f"Class {n:02}") for n in range(48)]
    channels += [open_direct(by=alice, people=[bob]), open_direct(by=alice, people=[bob, carol])]
    for channel in channels:
        say(bob, channel, f"Hello, {channel.name}")
    return channels
