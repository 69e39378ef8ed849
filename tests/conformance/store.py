"""A client by the book: it keeps what the protocol says that a client keeps, and nothing else.

"A client at position h applies a frame with `since` <= h and is then at the greater of h and
`upto`; if `since` > h there is a hole, and it asks `fetch … after: h`. Of each id it keeps the
state with the highest `changed`." It raises Violation when no server that keeps the protocol could
have sent what it gets. Pure: whoever holds the socket says what `take` asks for.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.conformance.frames import Message, messages_in, must
from tests.sockets import Frame

#: What never changes of a message, whatever becomes of it.
FIXED = ("channel", "seq", "ref", "author", "sent_at", "kind", "reply_to")
PAGE = 200


@dataclass(kw_only=True)
class Held:
    """What a client holds of one channel.

    Attributes:
        position: h; 0 while nothing is held.
        heard: the greatest `upto` that was heard of, applied or not.
        asked, asking: the `ref` of the fetch that is under way, and what it asks for.
        edge: the oldest message of what was loaded without a gap.
        older: whether there is something before it.
        holes, resets: how many there were.
    """

    id: str
    position: int = 0
    heard: int = 0
    asked: str | None = None
    asking: str = ""
    messages: dict[str, Message] = field(default_factory=dict)
    edge: str | None = None
    older: bool = True
    holes: int = 0
    resets: int = 0

    @property
    def begun(self) -> bool:
        """Whether its newest page has come. News of it may come before `welcome` does, and move
        the position of a channel of which nothing is held yet."""
        return self.position > 0 and self.edge is not None

    def newest(self) -> Frame:
        """Ask for the newest page."""
        return self._ask("newest", limit=PAGE)

    def after(self) -> Frame:
        """Ask for what comes after the position."""
        return self._ask("after", after=self.position)

    def before(self) -> Frame:
        """Ask for the page before what is held."""
        return self._ask("before", before=self.edge, limit=PAGE)

    def _ask(self, what: str, **fields: Any) -> Frame:
        self.asked, self.asking = str(uuid4()), what
        return {"kind": "fetch", "ref": self.asked, "channel": self.id, **fields}

    def in_page_order(self) -> list[Message]:
        """The messages as a page shows them."""
        return sorted(self.messages.values(), key=lambda one: (one["sent_at"], one["id"]))

    def keep(self, message: Message) -> None:
        """The state with the highest `changed` counts."""
        known = self.messages.get(message["id"])
        if known is None:
            seqs = {one["seq"] for one in self.messages.values()}
            must(message["seq"] not in seqs, "two messages with one seq", message)
        else:
            _check_same(known, message)
        if known is None or message["changed"] > known["changed"]:
            self.messages[message["id"]] = message

    def forget(self) -> None:
        """A `reset`."""
        self.messages.clear()
        self.position, self.edge, self.asked = 0, None, None
        self.resets += 1


def _check_same(one: Message, other: Message) -> None:
    """Two states of one message."""
    for name in FIXED:
        must(one[name] == other[name], f"{name} has changed", one, other)
    if one["changed"] == other["changed"]:
        must(one == other, "two states at one position", one, other)
        return
    early, late = sorted((one, other), key=lambda state: state["changed"])
    must(late["deleted_at"] or not early["deleted_at"], "came back", early, late)
    must(late["edited_at"] or not early["edited_at"], "was never edited", early, late)


class Store:
    """Everything that a client holds."""

    def __init__(self) -> None:
        self.channels: dict[str, Held] = {}
        self._left: set[str] = set()

    @property
    def positions(self) -> dict[str, int]:
        """What `hello` says to go on from here."""
        return {held.id: held.position for held in self.channels.values() if held.begun}

    def settled(self, channel: str, position: int) -> bool:
        """Whether the client is there, with nothing asked for that has not come."""
        held = self.channels.get(channel)
        return held is not None and held.position >= position and held.asked is None

    def take(self, frame: Frame) -> list[Frame]:
        """Take a frame in; returns what the client says to it."""
        match frame["type"]:
            case "welcome":
                return self._welcomed(frame)
            case "channel":
                return self._membership(frame)
            case "reset":
                return self._reset(frame)
            case "behind":
                behind = self.channels.get(frame["channel"])
                return [behind.after()] if behind else []
            case "sent" | "message" | "changed" | "changes" | "gone":
                return self._news(frame)
        return []

    def _welcomed(self, frame: Frame) -> list[Frame]:
        present = {channel["id"] for channel in frame["channels"]}
        self.channels = {
            i: held for i, held in self.channels.items() if i in present and held.begun
        }
        for held in self.channels.values():
            held.asked = None  # what was asked on a connection that is gone
        return [self._new(i) for i in sorted(present - self.channels.keys())]

    def _new(self, channel: str) -> Frame:
        self._left.discard(channel)
        self.channels[channel] = Held(id=channel)
        return self.channels[channel].newest()

    def _membership(self, frame: Frame) -> list[Frame]:
        channel = frame["channel"]["id"]
        if frame["action"] == "left":
            self.channels.pop(channel, None)
            self._left.add(channel)
        elif channel not in self.channels:
            return [self._new(channel)]
        return []

    def _reset(self, frame: Frame) -> list[Frame]:
        held = self.channels.get(frame["channel"])
        if held is None:  # before the `welcome`, after which it is asked for anyway
            return []
        held.forget()
        return [held.newest()]

    def _news(self, frame: Frame) -> list[Frame]:
        channel = frame.get("channel") or frame["message"]["channel"]
        live = frame["type"] in {"message", "changed", "gone"}
        must(not (live and channel in self._left), "not a member any more", frame)
        held = self.channels.get(channel)
        if held is None:
            return []
        if frame["type"] == "sent":
            held.keep(frame["message"])
            return []
        return _answer(held, frame) if frame.get("ref") else _live(held, frame)


def _live(held: Held, frame: Frame) -> list[Frame]:
    """A live frame, or the `changes` that follow a `hello`."""
    held.heard = max(held.heard, frame["upto"])
    if frame["since"] > held.position:
        if held.asked is None:
            held.holes += 1
            return [held.after()]
        return []  # answered below, once the fetch under way is
    _apply(held, frame)
    return [held.after()] if frame.get("more") else []


def _answer(held: Held, frame: Frame) -> list[Frame]:
    """The answer to a `fetch`."""
    if frame["ref"] != held.asked:
        return []  # to what was asked before a `reset`
    held.asked = None
    must(len(frame["messages"]) <= PAGE, "more than a page")
    moves = frame["since"] is not None
    must(moves == (held.asking != "before"), "only pages before move nothing", frame)
    if held.asking == "after":
        must(frame["since"] <= held.position, "not what was asked for", frame)
        _apply(held, frame)
        return [held.after()] if frame["more"] or held.position < held.heard else []
    must(frame["since"] in {0, None}, "not the newest page", frame)
    _page(held, frame)
    return [held.after()] if held.position < held.heard else []


def _page(held: Held, frame: Frame) -> None:
    """The newest page, or one before it."""
    check_page_order(frame)
    must(frame["messages"] or not frame["more"], "more of nothing", frame)
    held.older = frame["more"]
    if frame["messages"]:
        held.edge = frame["messages"][0]["id"]
    _apply(held, frame)


def _apply(held: Held, frame: Frame) -> None:
    for message in messages_in(frame):
        held.keep(message)
    if frame["type"] == "gone":
        for gone in frame["messages"]:
            held.messages.pop(gone, None)
    held.position = max(held.position, frame["upto"] or 0)


def check_page_order(frame: Frame) -> None:
    """Pages are in the order of (`sent_at`, `id`)."""
    places = [(message["sent_at"], message["id"]) for message in frame["messages"]]
    must(places == sorted(places), "not in page order", places)
