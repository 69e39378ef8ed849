"""The answers to `fetch`: pages of a channel, for its members only."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, Final, LiteralString
from uuid import UUID

from django.utils.timezone import get_default_timezone

from accounts.models import User
from audit.statements import array, ask
from messaging.exceptions import ChannelNotFound, MessageNotFound
from messaging.live.frames import MOST_MESSAGES, Asked
from messaging.live.reading.rows import MOST_BYTES, rows_in, shown, statement
from messaging.vault.rows import Row

_AFTER: Final = statement("after")
_NEWEST: Final = statement("newest")
_EARLIER: Final = statement("earlier")
_LATER: Final = statement("later")
_ONE: Final = statement("one")
_PINNED: Final = statement("pinned")
_THREAD: Final = statement("thread")
_SINCE: Final = statement("since")
_ANSWERED: Final = statement("answered")
_PAGE: Final = 50


def asked_for(
    person: User, channel_id: UUID, asked: Asked, also: Iterable[UUID] = ()
) -> dict[str, Any]:
    """What a `fetch` asks for: the fields of `changes` or of `reset`.

    With `answered` it brings the messages that those of the page answer, and those of `also`.
    """
    page = _page_asked_for(person, channel_id, asked)
    if not asked.wants("answered") or page.get("type") == "reset":
        return page
    there = {message["id"] for message in page["messages"]}
    wanted = {message["reply_to"] for message in page["messages"] if message["reply_to"]}
    elsewhere = (wanted | set(map(str, also))) - there
    return {**page, "answered": answered(person, channel_id, elsewhere)}


def _page_asked_for(person: User, channel_id: UUID, asked: Asked) -> dict[str, Any]:
    limit = min(max(asked.number("limit", _PAGE), 1), MOST_MESSAGES)
    if asked.fields.get("after") is not None:
        return after(person, channel_id, asked.number("after"), limit)
    if asked.fields.get("before") is not None:
        return earlier(person, channel_id, asked.id("before"), limit)
    if asked.fields.get("around") is not None:
        return beside(person, channel_id, asked.id("around"), limit)
    if asked.fields.get("date") is not None:
        return dated(person, channel_id, asked.day("date"), limit)
    if asked.fields.get("thread") is not None:
        return thread(person, channel_id, asked.id("thread"))
    if asked.wants("pinned"):
        return pinned(person, channel_id)
    newest = latest(person, channel_id, limit)
    if asked.wants("pins"):
        return {**newest, "pins": pinned(person, channel_id)["messages"]}
    return newest


def after(person: User, channel_id: UUID, since: int, limit: int = MOST_MESSAGES) -> dict[str, Any]:
    """`fetch … after`: the fields of `changes`, or of `reset` below the channel's floor."""
    answers = _of_channel(_AFTER, person, channel_id, since=since, limit=limit)
    head, floor = answers[0][:2]
    if since < floor:
        return {"type": "reset", "channel": str(channel_id)}
    found = rows_in(answers, 2)
    messages = shown(found)
    upto = head if len(messages) == len(found) < limit else messages[-1]["changed"]
    return _page(channel_id, messages, since=since, upto=upto, more=upto < head)


def latest(person: User, channel_id: UUID, limit: int = _PAGE) -> dict[str, Any]:
    """The newest page; `upto` is the position read in the same snapshot."""
    answers = _of_channel(_NEWEST, person, channel_id, limit=limit)
    found = rows_in(answers, 1)
    messages = shown(found)
    more = len(messages) == limit or len(messages) < len(found)
    return _page(channel_id, messages[::-1], since=0, upto=answers[0][0], more=more)


def earlier(person: User, channel_id: UUID, message_id: UUID, limit: int = _PAGE) -> dict[str, Any]:
    """The page before a message: it moves no position."""
    found = _beside(_EARLIER, person, channel_id, message_id, limit)
    messages = shown(found)
    more = len(messages) == limit or len(messages) < len(found)
    return _page(channel_id, messages[::-1], since=None, upto=None, more=more)


def beside(person: User, channel_id: UUID, message_id: UUID, limit: int = _PAGE) -> dict[str, Any]:
    """A page with a message in its middle: it moves no position."""
    half = MOST_BYTES // 2
    before = shown(_beside(_EARLIER, person, channel_id, message_id, limit // 2), half)
    left = limit - len(before)
    onwards = shown(_beside(_LATER, person, channel_id, message_id, left), half)
    messages = [*before[::-1], *onwards]
    return _page(channel_id, messages, since=None, upto=None, more=len(messages) == limit)


def pinned(person: User, channel_id: UUID) -> dict[str, Any]:
    """What is pinned, the newest pin first: it moves no position."""
    return _whole(channel_id, _of_channel(_PINNED, person, channel_id, limit=MOST_MESSAGES))


def thread(person: User, channel_id: UUID, message_id: UUID) -> dict[str, Any]:
    """The thread of a message, from the one at its root on, oldest first: it moves no position."""
    answers = _in_channel(_THREAD, person, channel_id, message_id, MOST_MESSAGES)
    return _whole(channel_id, answers)


def answered(
    person: User, channel_id: UUID, messages: Iterable[str]
) -> dict[str, dict[str, Any] | None]:
    """These messages of the channel by their ids, as far as a frame holds them; None is one that
    is not there any more."""
    wanted = sorted(messages)
    if not wanted:
        return {}
    found = rows_in(_of_channel(_ANSWERED, person, channel_id, messages=array(wanted)), 1)
    there = {str(row.id) for row in found}
    gone: dict[str, dict[str, Any] | None] = {one: None for one in wanted if one not in there}
    return gone | {message["id"]: message for message in shown(found)}


def dated(person: User, channel_id: UUID, day: date, limit: int = _PAGE) -> dict[str, Any]:
    """The page around the first message of a day or later, by the school's clock. `at` is that
    message; where nothing was sent from that day on it is null, and the page empty."""
    midnight = datetime.combine(day, time.min, tzinfo=get_default_timezone())
    ((first,),) = _of_channel(_SINCE, person, channel_id, moment=midnight)
    if first is None:
        return {**_page(channel_id, [], since=None, upto=None, more=False), "at": None}
    return {**beside(person, channel_id, first, limit), "at": str(first)}


def message_of(person: User, message_id: UUID) -> dict[str, Any]:
    """One message that the person may read, as the protocol shows it."""
    found = ask(_ONE, {"person": person.id, "message": message_id})
    if not found:
        raise MessageNotFound
    return shown(rows_in(found, 0))[0]


def _of_channel(
    statement: LiteralString, person: User, channel_id: UUID, **asked: Any
) -> Sequence[tuple[Any, ...]]:
    """The answer to a question about a channel that the person is a member of."""
    answers = ask(statement, {"person": person.id, "channel": channel_id, **asked})
    if not answers:
        raise ChannelNotFound
    return answers


def _in_channel(
    statement: LiteralString, person: User, channel_id: UUID, message_id: UUID, limit: int
) -> Sequence[tuple[Any, ...]]:
    """The answer to a question about a message, which stands in the channel."""
    answers = _of_channel(statement, person, channel_id, message=message_id, limit=limit)
    if answers[0][0] is None:
        raise MessageNotFound
    return answers


def _beside(
    statement: LiteralString, person: User, channel_id: UUID, message_id: UUID, limit: int
) -> list[Row]:
    return rows_in(_in_channel(statement, person, channel_id, message_id, limit), 1)


def _whole(channel_id: UUID, answers: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """All of an answer, as far as a frame holds it."""
    found = rows_in(answers, 1)
    messages = shown(found)
    more = len(messages) < len(found)
    return _page(channel_id, messages, since=None, upto=None, more=more)


def _page(
    channel_id: UUID,
    messages: list[dict[str, Any]],
    *,
    since: int | None,
    upto: int | None,
    more: bool,
) -> dict[str, Any]:
    return {
        "channel": str(channel_id),
        "since": since,
        "upto": upto,
        "messages": messages,
        "more": more,
    }
