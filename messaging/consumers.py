"""The websocket's entrance: frames in, services called, answers out."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, ClassVar, Final
from uuid import UUID

import orjson
import structlog
from django.db import InterfaceError, OperationalError
from django.utils.translation import override

from accounts.models import User
from audit.keyring import UnknownGeneration
from messaging.arrival import AWAY, Refused, Scope, language_of, let_in
from messaging.changing import CHANGES
from messaging.exceptions import MessagingError, NotStored, TooFast
from messaging.ingest.drafts import Draft, Outcome, Posted, clean_body, clean_uploads
from messaging.live import reading
from messaging.live.frames import (
    Asked,
    BadFrame,
    UnknownType,
    encode,
    error,
    parse,
)
from messaging.live.hub import Hub, hub
from messaging.live.opening import opened
from messaging.live.rates import Bucket
from messaging.live.receipts import readers_of_own
from messaging.live.socket import Send, Socket
from messaging.models import Message
from messaging.process import metrics
from messaging.process.threads import in_thread

_log = structlog.get_logger("schoolchat.live")
_TYPING_SECONDS: Final = 3.0
#: What a page says without anybody's doing.
_BY_THEMSELVES: Final = {"hello", "ping"}
#: A client that sends on without waiting for answers is read no further above so many.
_MOST_UNANSWERED: Final = 100

type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Handler = Callable[["Chat", Asked], Awaitable[None]]


async def chat(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application of one browser tab or program, for all channels of one person.

    It is no consumer of Django Channels: those go through a thread for each event.
    """
    await receive()  # websocket.connect
    await send({"type": "websocket.accept"})
    here = hub()
    try:
        socket, person = await let_in(here, scope, send)
    except Refused as refused:
        metrics.CLOSED_BY_CODE[str(refused.code)].inc()
        await send({"type": "websocket.close", "code": refused.code})
        return
    try:
        socket.language = person.chosen_language or language_of(scope)
        await Chat(here, person, socket).listen(receive)
    finally:
        here.remove(socket)
        await here.reads.settled(socket.person)


class _Gone(Exception):
    """The socket broke before a change that was asked for on it was carried out."""


class Chat:
    """What one socket asks, answered in turn; posting goes on while its answers are awaited."""

    def __init__(self, here: Hub, person: User, socket: Socket) -> None:
        self.person = person
        self._socket = socket
        self._hub = here
        self._asks = Bucket(a_second=20, burst=100)
        self._typed: dict[UUID, float] = {}
        self._unanswered = 0
        self._fewer = asyncio.Event()

    async def listen(self, receive: Receive) -> None:
        """Take frame after frame until the socket is gone."""
        while (event := await receive())["type"] == "websocket.receive":
            await self._socket.drained()  # who does not read gets nothing more to read
            if self._socket.ended:
                return
            await self._take(event.get("text"))

    async def _take(self, text: str | None) -> None:
        """One frame: whatever is wrong with it is answered, and the socket stays."""
        ref = None
        try:
            asked = parse(text)
            ref = asked.ref
            metrics.FRAMES_BY_TYPE[asked.type].inc()
            if asked.type not in self.HANDLERS:
                raise UnknownType
            self._asks.take()
            if asked.type not in _BY_THEMSELVES:
                self._hub.presence.active(self.person.id)
            await self.HANDLERS[asked.type](self, asked)
        except _Gone:
            return  # said again on the next socket, and perhaps followed by a later change
        except (MessagingError, BadFrame) as refused:
            self._refuse(ref, refused)
        except AWAY as away:
            _log.warning("not answered", error=type(away).__name__)
            self._refuse(ref, NotStored())

    def _refuse(self, ref: str | None, refused: MessagingError | BadFrame) -> None:
        wait = refused.retry_after if isinstance(refused, TooFast) else None
        metrics.ERRORS_BY_CODE[refused.code].inc()
        with override(self._socket.language):
            self._socket.put(error(ref, refused.code, str(refused), wait))

    def _answer(self, kind: str, **fields: Any) -> None:
        self._socket.put(encode(kind, **fields))

    async def hello(self, asked: Asked) -> None:
        """`welcome`, then what became of each channel since the client's positions."""
        positions = asked.positions("resume")
        await self._hub.reads.settled(self.person.id)  # so that a reload counts right
        with self._hub.unsure():
            greeting = await _read(
                self._hub.admission.run, reading.greeting, self.person.id, positions
            )
            for channel in greeting.welcome["channels"]:
                self._hub.delivery.knows(UUID(channel["id"]), channel["last"])
        school = await self._hub.showing.told()
        with override(self._socket.language):
            self._answer("welcome", **greeting.welcome, school=school)
        for frame in greeting.frames:
            self._answer(frame.pop("type"), **frame)
        self._hub.presence.greet(self._socket)

    async def post(self, asked: Asked) -> None:
        """`send`: answered after the commit, with the first answer whenever `ref` comes again."""
        forward = asked.optional_id("forward")
        uploads = () if forward else clean_uploads(asked.ids("attachments"))
        draft = Draft(
            author=self.person.id,
            channel=asked.id("channel"),
            ref=asked.id("ref"),
            body="" if forward else clean_body(asked.text("body"), may_be_empty=bool(uploads)),
            reply_to=asked.optional_id("reply_to"),
            forward=forward,
            uploads=uploads,
        )
        self._hub.sends_of_people.take(draft.author)
        if self._hub.rooms.holds(draft.author, draft.channel):  # no stranger slows a channel down
            self._hub.sends_of_channels.take(draft.channel)
        self._hub.delivery.post(draft, partial(self._posted, str(draft.ref)))
        self._unanswered += 1
        while self._unanswered >= _MOST_UNANSWERED:
            self._fewer.clear()
            await self._fewer.wait()

    def _posted(self, ref: str, outcome: Outcome) -> None:
        self._unanswered -= 1
        self._fewer.set()
        if isinstance(outcome, Posted):
            self._answer("sent", ref=ref, message=orjson.Fragment(outcome.shown))
        else:
            self._refuse(ref, outcome)

    async def change(self, asked: Asked) -> None:
        """`edit`, `delete`, `react`, `pin` and `correct`, unless the socket has broken by the time
        it is their turn."""
        change = CHANGES[asked.type](self.person, asked)

        def carry_out() -> Message:
            if self._socket.lost:
                raise _Gone
            return change()

        message = await self._hub.changes.run(carry_out)
        self._answer("done", ref=asked.ref)
        self._hub.delivery.ring(message.channel_id, message.changed)

    async def read(self, asked: Asked) -> None:
        """`read`: moves the person's position forward, unanswered."""
        self._hub.reads.note(self.person.id, asked.id("channel"), asked.number("seq"))

    async def receipts(self, asked: Asked) -> None:
        """`receipts`: who has read one's own messages, where the school shows it."""
        channel, extent = asked.id("channel"), self._hub.showing.shown.receipts
        found = await _read(in_thread, readers_of_own, self.person.id, channel, extent)
        self._answer("receipts", ref=asked.ref, channel=str(channel), readers=found)

    async def typing(self, asked: Asked) -> None:
        """`typing`: passed on to the channel's other members where the school shows it, at most
        once in 3 s."""
        channel = asked.id("channel")
        just_now = time.monotonic() - self._typed.get(channel, 0) < _TYPING_SECONDS
        if just_now or self._hub.showing.hides_typing:
            return
        members = await self._hub.delivery.members(channel)
        if self.person.id not in members or not await self._hub.showing.types_in(channel):
            return
        self._typed[channel] = time.monotonic()
        others = [member for member in members if member != self.person.id]
        frame = encode("typing", channel=str(channel), user=str(self.person.id))
        self._hub.moods.say(others, frame)

    async def fetch(self, asked: Asked) -> None:
        """`fetch`: a page by a position, a message or a day, the newest, what is pinned, or a
        thread."""
        channel = asked.id("channel")
        with self._hub.unsure():
            fields = await _read(
                in_thread,
                opened,
                self.person,
                channel,
                asked,
                language=self._socket.language,
                receipts=self._hub.showing.shown.receipts,
            )
            if fields.get("upto") is not None:
                self._hub.delivery.knows(channel, fields["upto"])
        kind = fields.pop("type", "changes")
        self._answer(kind, ref=asked.ref, **fields)

    async def ping(self, asked: Asked) -> None:
        """`ping`."""
        try:
            self._answer("pong", t=asked.fields.get("t"))
        except orjson.JSONEncodeError:  # it can be nested deeper than we could say it again
            raise BadFrame from None

    HANDLERS: ClassVar[dict[str, Handler]] = {
        "hello": hello,
        "send": post,
        **dict.fromkeys(CHANGES, change),
        "read": read,
        "receipts": receipts,
        "typing": typing,
        "fetch": fetch,
        "ping": ping,
    }


async def _read[**P, T](run: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """A reading in a thread; once more when the keyring moved on in the middle of it, or when its
    connection turned out to be one that a restart of the database had broken."""
    try:
        return await run(*args, **kwargs)
    except (UnknownGeneration, OperationalError, InterfaceError):
        return await run(*args, **kwargs)
