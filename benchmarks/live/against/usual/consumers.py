"""A consumer a socket."""

import json
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth.models import User

from benchmarks.live.against.usual.models import Membership, Message


def channels_of(person: User) -> list[str]:
    """The ids of a person's channels."""
    found = Membership.objects.filter(person=person).values_list("channel", flat=True)
    return [str(channel) for channel in found]


def store(person: User, asked: dict[str, Any]) -> dict[str, Any]:
    """One insert; the message with the very fields of docs/reference/protocol.md."""
    message = Message.objects.create(
        channel=asked["channel"], author=person, ref=asked["ref"], body=asked["body"]
    )
    return {
        "id": f"{message.pk:036d}",
        "channel": asked["channel"],
        "seq": message.pk,
        "changed": message.pk,
        "ref": asked["ref"],
        "author": {"id": f"{person.id:036d}", "name": person.first_name},
        "sent_at": message.sent_at.isoformat(timespec="milliseconds"),
        "kind": "text",
        "body": message.body,
        "html": f"<p>{message.body}</p>",
        "reply_to": None,
        "attachments": [],
        "reactions": [],
        "mentions": [],
        "edited_at": None,
        "deleted_at": None,
        "pinned": False,
    }


class Chat(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """The tutorial's consumer, with many channels a person."""

    async def connect(self) -> None:
        self.person = self.scope["user"]
        if not self.person.is_authenticated:
            await self.close()
            return
        self.channels = await database_sync_to_async(channels_of)(self.person)
        for channel in self.channels:
            await self.channel_layer.group_add(channel, self.channel_name)
        await self.accept()

    async def disconnect(self, _code: int) -> None:
        for channel in self.channels:
            await self.channel_layer.group_discard(channel, self.channel_name)

    async def receive(self, text_data: str = "", **_binary: Any) -> None:
        asked = json.loads(text_data)
        if asked["type"] == "hello":
            await self.answer({"type": "welcome"})
        elif asked["type"] == "send":
            message = await database_sync_to_async(store)(self.person, asked)
            news = {"type": "chat.message", "message": message}
            await self.channel_layer.group_send(asked["channel"], news)
            await self.answer({"type": "sent", "ref": asked["ref"], "message": message})

    async def chat_message(self, event: dict[str, Any]) -> None:
        message = event["message"]
        seq, channel = message["seq"], message["channel"]
        head = {"type": "message", "channel": channel, "since": seq - 1, "upto": seq}
        await self.answer({**head, "message": message})

    async def answer(self, frame: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(frame, separators=(",", ":")))
