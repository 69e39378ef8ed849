"""What the hub and the sockets read: one question to the database for each, as plain JSON."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts.models import User
from audit.clock import iso, now
from messaging.exceptions import MessageNotFound
from messaging.live.frames import MOST_MESSAGES, PROTOCOL
from messaging.models import Channel, Membership, Message
from messaging.queries import (
    MOST_UNREAD,
    Listed,
    around,
    before,
    changed_after,
    channel_for,
    message_for,
    newest,
    rail_for,
)
from messaging.rendering import messages_json
from messaging.vault.versions import readable_bodies

_PAGE = 50


@contextmanager
def _one_state() -> Iterator[None]:
    """A read-only transaction in which all questions see one state, so that a page fits its
    position."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@dataclass(frozen=True, kw_only=True)
class Change:
    """A message in its latest state, and what a system message is about."""

    message: dict[str, Any]
    event: str | None
    person: UUID | None


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What became of a channel after position `since`, up to `upto`, and who is to hear it."""

    channel: UUID
    since: int
    upto: int
    reset: bool
    changes: tuple[Change, ...]
    members: frozenset[UUID]


def changes_since(channel_id: UUID, since: int) -> Changes | None:
    """Everything after `since` in one snapshot, for the hub; None when the channel is gone."""
    with _one_state():
        channel = Channel.objects.filter(id=channel_id).first()
        if channel is None:
            return None
        reset = channel.floor > since
        messages = changed_after(channel, since, MOST_MESSAGES, only_system=reset)
        full = len(messages) == MOST_MESSAGES and not reset
        return Changes(
            channel=channel_id,
            since=since,
            upto=messages[-1].changed if full else channel.head,
            reset=reset,
            changes=tuple(_changes(messages)),
            members=members_of(channel_id),
        )


def members_of(channel_id: UUID) -> frozenset[UUID]:
    """The ids of a channel's present members whose accounts are open."""
    present = Membership.objects.filter(channel=channel_id, left_at=None, person__is_active=True)
    return frozenset(present.values_list("person_id", flat=True))


def welcome(person: User) -> dict[str, Any]:
    """The fields of `welcome` for a person."""
    return {
        "protocol": PROTOCOL,
        "user": {"id": str(person.id), "name": person.display_name},
        "server_time": iso(now()),
        "channels": [channel_json(listed) for listed in rail_for(person)],
    }


def channel_json(listed: Listed) -> dict[str, Any]:
    """A channel as `welcome` lists it."""
    return {
        "id": str(listed.id),
        "name": listed.name,
        "kind": listed.kind,
        "last": listed.head,
        "read": listed.read_seq,
        "unread": min(listed.unread, MOST_UNREAD),
        "mentions": 0,
        "muted": listed.muted,
        "archived": listed.archived,
        "can_post": listed.can_post,
        "purpose": listed.purpose,
        "people": [str(person) for person in listed.people],
        "oldest": None,
    }


def listed_channel(person: User, channel_id: UUID) -> dict[str, Any] | None:
    """One channel of the person's rail, for the `channel` frame."""
    for listed in rail_for(person):
        if listed.id == channel_id:
            return channel_json(listed)
    return None


def resume(person: User, positions: Mapping[str, int]) -> list[dict[str, Any]]:
    """For each channel that moved since its position: a `changes` or a `reset`, with its type."""
    frames = []
    for listed in rail_for(person):
        since = positions.get(str(listed.id))
        if since is None or since >= listed.head:
            continue
        frames.append(
            {"type": "reset", "channel": str(listed.id)}
            if since < listed.floor
            else {"type": "changes", "ref": None, **after(person, listed.id, since)}
        )
    return frames


def after(person: User, channel_id: UUID, since: int, limit: int = MOST_MESSAGES) -> dict[str, Any]:
    """`fetch … after`: the fields of `changes`, or of `reset` below the channel's floor."""
    with _one_state():
        channel = channel_for(person, channel_id)
        if since < channel.floor:
            return {"type": "reset", "channel": str(channel.id)}
        messages = changed_after(channel, since, limit)
        more = len(messages) == limit
        return _page(
            channel,
            messages,
            since,
            messages[-1].changed if more else channel.head,
            more,
        )


def latest(person: User, channel_id: UUID, limit: int = _PAGE) -> dict[str, Any]:
    """The newest page; `upto` is the position read in the same snapshot."""
    with _one_state():
        channel = channel_for(person, channel_id)
        messages = newest(channel, limit)
        return _page(channel, messages, 0, channel.head, len(messages) == limit)


def earlier(person: User, channel_id: UUID, message_id: UUID, limit: int = _PAGE) -> dict[str, Any]:
    """The page before a message: it moves no position."""
    channel = channel_for(person, channel_id)
    messages = before(_in_channel(person, channel, message_id), limit)
    return _page(channel, messages, None, None, len(messages) == limit)


def beside(person: User, channel_id: UUID, message_id: UUID, limit: int = _PAGE) -> dict[str, Any]:
    """A page with a message in its middle: it moves no position."""
    channel = channel_for(person, channel_id)
    messages = around(_in_channel(person, channel, message_id), limit)
    return _page(channel, messages, None, None, len(messages) == limit)


def _in_channel(person: User, channel: Channel, message_id: UUID) -> Message:
    message = message_for(person, message_id)
    if message.channel_id != channel.id:
        raise MessageNotFound
    return message


def _page(
    channel: Channel,
    messages: list[Message],
    since: int | None,
    upto: int | None,
    more: bool,
) -> dict[str, Any]:
    return {
        "channel": str(channel.id),
        "since": since,
        "upto": upto,
        "messages": messages_json(messages),
        "more": more,
    }


def _changes(messages: list[Message]) -> list[Change]:
    system = [m for m in messages if m.kind == Message.Kind.SYSTEM]
    details = {i: body.details for i, body in readable_bodies(system).items()}
    return [
        Change(
            message=shown,
            event=details.get(message.id, {}).get("event"),
            person=_uuid(details.get(message.id, {}).get("person")),
        )
        for message, shown in zip(messages, messages_json(messages), strict=True)
    ]


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def heads_of(channel_ids: list[UUID]) -> dict[UUID, int]:
    """The present position of each channel."""
    return dict(Channel.objects.filter(id__in=channel_ids).values_list("id", "head"))


def joined_channel(channel_id: UUID, people: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """The channel as each of these people's rail shows it; those who are not in it are left
    out."""
    members = User.objects.filter(
        id__in=people, memberships__channel=channel_id, memberships__left_at=None
    )
    shown = {person.id: listed_channel(person, channel_id) for person in members}
    return {person: fields for person, fields in shown.items() if fields}


def message_of(person: User, message_id: UUID) -> dict[str, Any]:
    """One message that the person may read, as the protocol shows it."""
    return messages_json([message_for(person, message_id)])[0]
