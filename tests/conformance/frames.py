"""What the protocol says that every frame of the server is like. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from tests.sockets import Frame

type Message = dict[str, Any]


class Violation(AssertionError):
    """The server broke the protocol."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: The fields that each type of frame has; others may be there as well.
FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "welcome": _words("protocol user server_time channels school"),
    "sent": _words("ref message"),
    "done": _words("ref"),
    "message": _words("channel since upto message"),
    "changed": _words("channel since upto message"),
    "changes": _words("ref channel since upto messages more"),
    "reset": _words("channel"),
    "gone": _words("channel since upto messages"),
    "read": _words("channel user seq"),
    "receipts": _words("ref channel readers"),
    "school": _words("school"),
    "typing": _words("channel user"),
    "presence": _words("user state"),
    "channel": _words("action channel"),
    "behind": _words("channel"),
    "notice": _words("level text"),
    "pong": _words("t"),
    "error": _words("ref code detail"),
}
CHANNEL: Final = _words(
    "id name kind last read unread mentions muted oldest mention_all can_mention_all can_pin"
    " no_images members"
)
MESSAGE: Final = _words(
    "id channel seq changed ref author sent_at kind body html reply_to attachments reactions"
    " mentions mentions_all forwarded edited_at deleted_at pinned corrections"
)
ATTACHMENT: Final = _words("id name type size url thumbnail width height blur duration waveform")
ACTIONS: Final = _words("joined left updated archived")
CODES: Final = _words(
    "bad_frame unknown_type not_a_member read_only not_found too_long too_fast empty"
    " blocked_by_policy refused unavailable"
)
#: What a deleted message shows nothing of.
_EMPTIED: Final = ("reactions", "mentions", "mentions_all", "pinned", "corrections")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
# Only what JSON itself wants escaped: control characters.
_ESCAPED: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u(?!00[01])")


def must(condition: object, sentence: str, *about: object) -> None:
    """Raise Violation unless it is so; a page of messages is long, and written out only then."""
    if not condition:
        raise Violation(": ".join([sentence, *map(repr, about)]))


def check_text(text: object) -> None:
    """A frame as it came: text, `type` first, raw UTF-8."""
    must(isinstance(text, str), "not a text frame", text)
    must(str(text).startswith('{"type":'), "type does not come first", text)
    must(not _ESCAPED.search(str(text)), "escaped to ASCII", text)


def check_frame(frame: Frame) -> None:
    """A frame has the fields of its type, and they are what they should be."""
    kind = frame["type"]
    must(kind in FIELDS, "no such frame", frame)
    must(FIELDS[kind] <= frame.keys(), "a field is missing", frame)
    if kind == "welcome":
        check_welcome(frame)
    elif kind == "error":
        check_error(frame)
    elif kind == "channel":
        check_membership(frame)
    for message in messages_in(frame):
        check_message(message)
        must(message["channel"] == frame.get("channel", message["channel"]), "foreign", frame)
    check_stretch(frame)


def messages_in(frame: Frame) -> list[Message]:
    """The messages that a frame brings; those of `gone` are ids."""
    if frame["type"] in {"sent", "message", "changed"}:
        return [frame["message"]]
    return list(frame["messages"]) if frame["type"] == "changes" else []


def check_welcome(frame: Frame) -> None:
    """The first answer of a socket."""
    must(frame["protocol"] == 1, "another protocol", frame)
    must(_TIME.fullmatch(frame["server_time"]), "no time", frame["server_time"])
    for channel in frame["channels"]:
        must(channel.keys() >= CHANNEL, "a field is missing", channel)
        must(0 <= channel["unread"] <= 100, "too many unread", channel)
        must(channel["read"] <= channel["last"], "read what is not there", channel)


def check_error(frame: Frame) -> None:
    """A code of the list, and a plain sentence."""
    must(frame["code"] in CODES, "not in the list of codes", frame)
    must(re.fullmatch(r"[A-Z][^<>{}\n]+[.!?]", frame["detail"]), "no plain sentence", frame)
    must(len(frame["detail"]) <= 200, "too long to be read", frame)
    waits = frame.get("retry_after")
    must((waits is not None and waits > 0) or frame["code"] != "too_fast", "until when?", frame)


def check_membership(frame: Frame) -> None:
    """A `channel` frame: whoever has left is told no more than the id."""
    must(frame["action"] in ACTIONS, "no such action", frame)
    told = frame["channel"].keys()
    must(told == {"id"} if frame["action"] == "left" else told >= CHANNEL, "fields", frame)


def check_attachments(message: Message) -> None:
    """The files of a message; a deleted one shows none."""
    files = message["attachments"]
    must(not (files and message["deleted_at"]), "a deleted message shows files", message)
    must(len(files) <= 10, "too many files", message)
    for file in files:
        must(file.keys() == ATTACHMENT, "fields", file)
        must(file["url"] == f"/messages/files/{message['id']}/{file['id']}/", "address", file)
        must(file["thumbnail"] in {None, f"{file['url']}thumbnail/"}, "address", file)
        must(len(file["blur"] or "") <= 200, "too long", file)


def check_message(message: Message) -> None:
    """One message, in any of its states."""
    must(message.keys() >= MESSAGE, "a field is missing", MESSAGE - message.keys())
    must(UUID(message["id"]).version == 7, "the id is no UUIDv7", message)
    must(0 < message["seq"] <= message["changed"], "positions", message)
    must(message["kind"] in {"text", "system", "imported"}, "kind", message)
    must((message["ref"] is not None) == (message["kind"] == "text"), "ref", message)
    must(message["author"].keys() >= {"id", "name"}, "author", message)
    check_gestures(message)
    check_attachments(message)
    for time in ("sent_at", "edited_at", "deleted_at"):
        check_time(message, time)
    emptied = not (message["body"] or message["html"] or message["attachments"])
    must(emptied == (message["deleted_at"] is not None), "not emptied as deleted", message)


def check_gestures(message: Message) -> None:
    """What is shown around a message's words, and whom they mention."""
    emoji = [one["emoji"] for one in message["reactions"]]
    must(len(set(emoji)) == len(emoji) <= 20, "an emoji twice, or too many", message)
    for one in message["reactions"]:
        must(one["count"] == len(set(one["users"])) > 0, "who gave it?", one)
    must(message["mentions_all"] in {None, "here", "everyone"}, "whom?", message)
    must(len(set(message["mentions"])) == len(message["mentions"]), "twice", message)
    numbers = [one["number"] for one in message["corrections"]]
    must(numbers == sorted(set(numbers)), "corrections out of order", message)
    for one in message["corrections"]:
        must(one.keys() >= {"author", "written_at", "body", "html"} and one["body"], "note", one)
        must(_TIME.fullmatch(one["written_at"]), "no time", one)
    origin = message["forwarded"]
    must(origin is None or origin.keys() >= {"author", "sent_at", "channel"}, "whose?", origin)
    if message["deleted_at"]:
        shown = [message[name] for name in _EMPTIED]
        must(not any(shown) and origin is None, "not emptied as deleted", message)


def check_time(message: Message, name: str) -> None:
    """ISO 8601, UTC, milliseconds; null where it has not happened."""
    time = message[name]
    if time is None and name != "sent_at":
        return
    must(_TIME.fullmatch(time or ""), f"{name} is no time", message)


def check_stretch(frame: Frame) -> None:
    """`since` and `upto` fit what lies between them."""
    if frame["type"] not in {"message", "changed", "changes", "gone"}:
        return
    since, upto = frame["since"], frame["upto"]
    if since is None or upto is None:
        must(since is None and upto is None and frame.get("ref"), "half a stretch", frame)
        return
    must(0 <= since <= upto, "backwards", frame)
    for message in messages_in(frame):
        must(since < message["changed"] <= upto, "outside its stretch", frame)
    if frame["type"] == "changes" and frame["more"] and frame["ref"]:
        must(frame["messages"] and upto > since, "more of nothing", frame)
