"""What a search found, each hit in its conversation, and what of it was shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from accounts.models import User
from audit.entries import ItemOfAct
from messaging.files.attached import Attachment, attachments_in
from messaging.models import Correction, Message, MessageVersion
from messaging.rendering import UNREADABLE, message_json, names_of, put_corrections
from messaging.search.beats import at_a_beat
from messaging.search.counting import Count, count
from messaging.search.query import Is, Query
from messaging.search.run import Page as Found
from messaging.search.run import search
from messaging.search.scope import Position, Scope
from messaging.vault.bodies import Body, commitment_of
from messaging.vault.versions import context_of, readable_bodies, versions_that_open
from oversight.errors import HitNotFound
from oversight.inquiry import Inquiry
from oversight.queries.asking import query_of
from oversight.queries.desk import channel_names, channels_of_desk, excluded_for
from oversight.queries.then import hits_then

HITS_A_PAGE: Final = 20
LINES_AROUND_A_PLACE: Final = 10
SECONDS: Final = 0.5

# The neighbours of many messages in one statement: `hit` is whose neighbour a row is.
_BESIDE: Final = """
SELECT near.*, found.id AS hit
FROM messaging_message found CROSS JOIN LATERAL (
    SELECT * FROM messaging_message one
    WHERE one.channel_id = found.channel_id AND NOT one.out_of_view
      AND (one.sent_at, one.id) {comparison} (found.sent_at, found.id)
    ORDER BY one.sent_at {order}, one.id {order} LIMIT %s) near
WHERE found.id = ANY(%s)
ORDER BY near.sent_at, near.id
"""

type Shown = list[tuple[Message, int, Body]]


@dataclass(frozen=True, kw_only=True)
class LaidOpen:
    """A file, and the wording of a message that brings it."""

    message: Message
    version: int
    file: Attachment


@dataclass(frozen=True, kw_only=True)
class MessageInContext:
    """A message in its conversation, with its earlier versions, oldest first.

    `items` are the texts that it lays open, `around` those of the lines beside the message alone,
    and `files` by their ids what these bring.
    """

    message: Message
    channel_name: str
    lines: list[dict[str, Any]]
    versions: list[dict[str, Any]]
    items: list[ItemOfAct]
    around: list[ItemOfAct]
    files: Mapping[UUID, LaidOpen]

    @property
    def message_id(self) -> str:
        """The id as the lines have it."""
        return str(self.message.id)

    @property
    def sides(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The lines before the message, and those after it."""
        at = [line["id"] for line in self.lines].index(self.message_id)
        return self.lines[:at], self.lines[at + 1 :]


def found_by(
    viewer: User,
    inquiry: Inquiry,
    as_of: datetime,
    *,
    before: Position | None = None,
    limit: int = HITS_A_PAGE,
    seconds: float = SECONDS,
) -> Found:
    """What the viewer's search finds, newest first, of what had been written by `as_of`."""
    scope = _scope_of(viewer)
    query = query_of(viewer, inquiry, as_of)
    with at_a_beat(scope):
        page = search(scope, query, limit=limit, before=before, seconds=seconds)
    return replace(page, hits=hits_then(page.hits, query, as_of))


def count_of(viewer: User, inquiry: Inquiry, as_of: datetime) -> Count:
    """How many texts the viewer's search finds, of what had been written by `as_of`. It is not
    exact where what became of messages since then may stand in the index."""
    scope = _scope_of(viewer)
    query = query_of(viewer, inquiry, as_of)
    with at_a_beat(scope):
        counted = count(scope, query, as_of=as_of)
    return replace(counted, exact=counted.exact and not _has_moved(query, as_of))


def _has_moved(query: Query, as_of: datetime) -> bool:
    """Whether the index may know of a text what only came later: a correction, an edit, a
    deletion."""
    if query.state in {Is.EDITED, Is.DELETED}:
        return True
    return Correction.objects.filter(written_at__gt=as_of).exists()


def _scope_of(viewer: User) -> Scope:
    return Scope(channels=None, excluded=excluded_for(viewer), versions=True)


def place_in(
    viewer: User, message_id: UUID, *, lines: int = LINES_AROUND_A_PLACE
) -> MessageInContext:
    """A message that the desk may open, with the lines around it; raises HitNotFound."""
    message = (
        Message.objects.filter(id=message_id, out_of_view=False)
        .filter(channel__in=channels_of_desk(viewer))
        .select_related("channel")
        .first()
    )
    if message is None:
        raise HitNotFound
    messages = [
        *beside([message_id], "<", "DESC", lines)[message_id],
        message,
        *beside([message_id], ">", "ASC", lines)[message_id],
    ]
    bodies = readable_bodies(messages)
    unseen = _unseen(message)
    shown = [(m, m.version, bodies[m.id]) for m in messages if m.id in bodies]
    beside_it = [each for each in shown if each[0] is not message]
    shown += [(message, version.number, body) for version, body in unseen if body]
    names = names_of(m.author_id for m in messages)
    around = lines_of(messages, bodies, names)
    put_corrections(around)
    return MessageInContext(
        message=message,
        channel_name=channel_names([message.channel])[message.channel_id],
        lines=around,
        versions=[_version(message, version, body, names) for version, body in unseen],
        items=items_of(shown),
        around=items_of(beside_it),
        files=_files(shown),
    )


def file_in(place: MessageInContext, file_id: UUID) -> LaidOpen:
    """One of the files that a place lays open, or HitNotFound."""
    if file_id not in place.files:
        raise HitNotFound
    return place.files[file_id]


def beside(
    ids: Iterable[UUID], comparison: str, order: str, lines: int
) -> Mapping[UUID, list[Message]]:
    """By message, the `lines` that stand before ("<", "DESC") or after it (">", "ASC")."""
    sides: dict[UUID, list[Message]] = {message: [] for message in ids}
    statement = _BESIDE.format(comparison=comparison, order=order)
    for message in Message.objects.raw(statement, [lines, list(sides)]):
        sides[message.__dict__["hit"]].append(message)
    return sides


def lines_of(
    messages: Sequence[Message], bodies: Mapping[UUID, Body], names: Mapping[UUID, str]
) -> list[dict[str, Any]]:
    """Messages as the conversation shows them."""
    return [as_told(message, bodies.get(message.id), names) for message in messages]


def as_told(message: Message, body: Body | None, names: Mapping[UUID, str]) -> dict[str, Any]:
    """A message whose files have no address: those in its conversation are for its members, and
    the pages give them their own."""
    told = message_json(message, body, names)
    files = [file | {"url": None, "thumbnail": None} for file in told["attachments"]]
    return told | {"attachments": files}


def _unseen(message: Message) -> list[tuple[MessageVersion, Body | None]]:
    """Every version that members no longer see: the earlier ones, and all of a deleted message;
    without a body where it does not open."""
    versions = message.versions.order_by("number").select_related("key", "message")
    unseen = [one for one in versions if message.deleted_at or one.number < message.version]
    return list(zip(unseen, versions_that_open(unseen), strict=True))


def _version(
    message: Message, version: MessageVersion, body: Body | None, names: Mapping[UUID, str]
) -> dict[str, Any]:
    as_written = as_told(message, body, names) | {"deleted_at": None, "edited_at": None}
    if body is None:
        as_written["html"] = UNREADABLE
    return {"number": version.number, "written_at": version.written_at, "message": as_written}


def _files(shown: Shown) -> dict[UUID, LaidOpen]:
    return {
        file.id: LaidOpen(message=message, version=version, file=file)
        for message, version, body in shown
        for file in attachments_in(body.details)
    }


def items_of(shown: Shown) -> list[ItemOfAct]:
    """What was laid open, each text once, with the commitment that its own entry holds."""
    once = {(message.id, version): (message, body) for message, version, body in shown}
    return [
        ItemOfAct(
            subject=message.id,
            version=version,
            commitment=bytes.fromhex(
                commitment_of(context_of(message, version), body, message.reply_to)
            ),
        )
        for (_, version), (message, body) in once.items()
    ]
