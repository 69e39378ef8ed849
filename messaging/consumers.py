"""The websocket's entrance: frames in, services called, answers out."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar
from uuid import UUID

import structlog
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import InterfaceError, OperationalError

from accounts.authentication import no_longer_allowed, person_from_scope
from accounts.models import User
from audit.keyring import KeyringError
from messaging.exceptions import MessagingError, TooFast
from messaging.live import reading
from messaging.live.frames import (
    CLOSED_NOT_ALLOWED,
    CLOSED_SIGNED_OUT,
    MOST_MESSAGES,
    Asked,
    BadFrame,
    UnknownType,
    encode,
    error,
    parse,
)
from messaging.live.hub import Hub, hub
from messaging.live.rates import Bucket
from messaging.live.socket import Socket
from messaging.live.threads import in_thread
from messaging.models import Message
from messaging.services.channels import mark_read
from messaging.services.messages import delete_message, edit_message, post_message

_log = structlog.get_logger("schoolchat.live")
_TYPING_SECONDS = 3.0
_UNAVAILABLE = (
    "The school's record cannot be reached just now. Nothing was lost here: "
    "please try again in a moment."
)

type Handler = Callable[["ChatConsumer", Asked], Awaitable[None]]


class ChatConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One browser tab or program of one person, for all of their channels."""

    # No layer of its own: the hub hears for every socket of the process. Channels would else hold
    # a subscription a socket, and end each of them when Redis goes.
    channel_layer_alias = "none"
    person: User
    hub: Hub
    socket: Socket | None = None

    async def connect(self) -> None:
        """Let in who is signed in; the close codes say why not."""
        await self.accept()
        signed = await in_thread(person_from_scope, self.scope)
        if signed is None:
            await self.close(CLOSED_SIGNED_OUT)
            return
        person = await in_thread(_open_account, signed.person)
        if person is None:
            await self.close(CLOSED_NOT_ALLOWED)
            return
        self.person, self.hub = person, hub()
        self._sends = Bucket(a_second=5, burst=20)
        self._asks = Bucket(a_second=20, burst=100)
        self._typed: dict[UUID, float] = {}
        self.socket = Socket(signed=signed, send=self._send_text, close=self.close)
        self.hub.add(self.socket)
        # What ended between the two looks rang before this socket could hear it.
        if await in_thread(no_longer_allowed, [signed]):
            self.socket.end(CLOSED_NOT_ALLOWED)

    async def _send_text(self, frame: str) -> None:
        await self.send(text_data=frame)

    async def disconnect(self, _code: int) -> None:
        """The socket is gone."""
        if self.socket:
            await self.hub.remove(self.socket)
        raise StopConsumer

    async def receive(self, text_data: str | None = None, **_binary: Any) -> None:
        """One frame: whatever is wrong with it is answered, and the socket stays."""
        if self.socket is None:
            return
        ref = None
        try:
            asked = parse(text_data)
            ref = asked.ref
            self._asks.take()
            await self._handler(asked)(self, asked)
        except (MessagingError, BadFrame) as refused:
            wait = refused.retry_after if isinstance(refused, TooFast) else None
            self.socket.put(error(ref, refused.code, str(refused) or refused.__doc__ or "", wait))
        except (OperationalError, InterfaceError, KeyringError) as away:
            _log.warning("not stored", error=type(away).__name__)
            self.socket.put(error(ref, "unavailable", _UNAVAILABLE))

    def _handler(self, asked: Asked) -> Handler:
        try:
            return self.HANDLERS[asked.type]
        except KeyError:
            raise UnknownType from None

    def _answer(self, frame: str) -> None:
        if self.socket:
            self.socket.put(frame)

    async def hello(self, asked: Asked) -> None:
        """`welcome`, then what became of each channel since the client's positions."""
        positions = _positions(asked)
        fields = await in_thread(reading.welcome, self.person)
        for channel in fields["channels"]:
            self.hub.knows(UUID(channel["id"]), channel["last"])
        self._answer(encode("welcome", **fields))
        for frame in await in_thread(reading.resume, self.person, positions):
            self._answer(encode(frame.pop("type"), **frame))

    async def post(self, asked: Asked) -> None:
        """`send`: answered after the commit, with the first answer whenever `ref` comes again."""
        self._sends.take()
        ref = asked.id("ref")
        message = await in_thread(
            post_message,
            author=self.person,
            channel_id=asked.id("channel"),
            ref=ref,
            body=asked.text("body"),
            reply_to=asked.optional_id("reply_to"),
        )
        shown = await in_thread(reading.message_of, self.person, message.id)
        self._answer(encode("sent", ref=str(ref), message=shown))
        self._ring(message)

    async def edit(self, asked: Asked) -> None:
        """`edit`."""
        message = await in_thread(
            edit_message,
            author=self.person,
            message_id=asked.id("message"),
            body=asked.text("body"),
        )
        self._done(asked, message)

    async def remove(self, asked: Asked) -> None:
        """`delete`."""
        message = await in_thread(delete_message, by=self.person, message_id=asked.id("message"))
        self._done(asked, message)

    def _done(self, asked: Asked, message: Message) -> None:
        self._answer(encode("done", ref=asked.ref))
        self._ring(message)

    def _ring(self, message: Message) -> None:
        self.hub.ring(message.channel_id, message.changed)

    async def read(self, asked: Asked) -> None:
        """`read`: moves the person's position forward, unanswered."""
        await in_thread(
            mark_read,
            person=self.person,
            channel_id=asked.id("channel"),
            seq=asked.number("seq"),
        )

    async def typing(self, asked: Asked) -> None:
        """`typing`: passed on to the channel's other members, at most once in 3 s."""
        channel = asked.id("channel")
        if time.monotonic() - self._typed.get(channel, 0) < _TYPING_SECONDS:
            return
        members = await in_thread(reading.members_of, channel)
        if self.person.id not in members:
            return
        self._typed[channel] = time.monotonic()
        others = [member for member in members if member != self.person.id]
        frame = encode("typing", channel=str(channel), user=str(self.person.id))
        await self.hub.moods.say(others, frame)

    async def fetch(self, asked: Asked) -> None:
        """`fetch`: a page after a position, before or around a message, or the newest."""
        channel = asked.id("channel")
        limit = min(max(asked.number("limit", 50), 1), MOST_MESSAGES)
        fields = await in_thread(_fetch, self.person, channel, asked, limit)
        kind = fields.pop("type", "changes")
        if kind == "changes":
            fields = {"ref": asked.ref, **fields}
            if fields["upto"] is not None:
                self.hub.knows(channel, fields["upto"])
        self._answer(encode(kind, **fields))

    async def ping(self, asked: Asked) -> None:
        """`ping`."""
        self._answer(encode("pong", t=asked.fields.get("t")))

    HANDLERS: ClassVar[dict[str, Handler]] = {
        "hello": hello,
        "send": post,
        "edit": edit,
        "delete": remove,
        "read": read,
        "typing": typing,
        "fetch": fetch,
        "ping": ping,
    }


def _fetch(person: User, channel: UUID, asked: Asked, limit: int) -> dict[str, Any]:
    if asked.fields.get("after") is not None:
        return reading.after(person, channel, asked.number("after"), limit)
    if asked.fields.get("before") is not None:
        return reading.earlier(person, channel, asked.id("before"), limit)
    if asked.fields.get("around") is not None:
        return reading.beside(person, channel, asked.id("around"), limit)
    return reading.latest(person, channel, limit)


def _positions(asked: Asked) -> dict[str, int]:
    given = asked.fields.get("resume") or {}
    if not isinstance(given, dict) or not all(isinstance(v, int) for v in given.values()):
        raise BadFrame("The field 'resume' of this message is not a list of positions.")
    return given


def _open_account(person_id: UUID) -> User | None:
    return User.objects.filter(id=person_id, is_active=True).first()
