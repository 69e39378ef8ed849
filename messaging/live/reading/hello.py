"""What a socket hears when it says hello: its person's channels, and what it missed in them."""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from audit.clock import iso, now
from messaging.live.frames import MOST_MESSAGES, PROTOCOL
from messaging.live.reading.changes import Stretch, stretches_of
from messaging.live.reading.rows import MOST_BYTES, shown
from messaging.live.reading.snapshot import one_state
from messaging.queries import MOST_UNREAD, Listed, Rail, in_rails, rail_of

#: Messages that one hello carries, over all channels. A client that was away for long asks for the
#: rest with `fetch`, channel by channel, so that 2,000 of them coming back hold up nobody else.
MOST_CAUGHT_UP: Final = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Greeting:
    """The answer to `hello`: the fields of `welcome`, and the frames after it with their `type`."""

    welcome: dict[str, Any]
    frames: list[dict[str, Any]]


def greeting(person_id: UUID, positions: Mapping[str, int]) -> Greeting:
    """The person's rail, and for each channel that moved since its position (channel id → position)
    a `changes` or a `reset`; all of it one state of the database, in two queries.

    Channels that are not the person's are passed over. A `changes` without messages and with
    `more` stands for a channel that did not fit. Raises UnknownPerson, and UnknownGeneration when
    the keyring moves on meanwhile: read again.
    """
    with one_state() if positions else nullcontext():
        rail = rail_of(person_id)
        moved = _moved(rail, positions)
        found = stretches_of(_first_caught_up(moved))
    stretches = {stretch.channel: stretch for stretch in found}
    return Greeting(welcome=_welcome(person_id, rail), frames=_frames(moved, stretches))


def joined_channel(channel_id: UUID, people: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """The channel as the rail of each of these people shows it, in one query; those who are not
    in it, or whose account is closed, are left out."""
    return {
        person: channel_json(listed)
        for person, listed in in_rails(channel_id, list(people)).items()
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
        "mentions": listed.mentions,
        "muted": listed.muted,
        "archived": listed.archived,
        "can_post": listed.can_post,
        "mention_all": listed.mention_all,
        "can_mention_all": listed.can_mention_all,
        "can_pin": listed.can_pin,
        "no_images": listed.no_images,
        "members": listed.members,
        "purpose": listed.purpose,
        "people": [str(person) for person in listed.people],
        "oldest": None,
    }


def _welcome(person_id: UUID, rail: Rail) -> dict[str, Any]:
    return {
        "protocol": PROTOCOL,
        "user": {"id": str(person_id), "name": rail.name},
        "server_time": iso(now()),
        "channels": [channel_json(listed) for listed in rail.channels],
    }


def _moved(rail: Rail, positions: Mapping[str, int]) -> list[tuple[Listed, int]]:
    """The channels that lie ahead of the client, in the order of the rail, and where it is."""
    at = [(listed, positions.get(str(listed.id))) for listed in rail.channels]
    return [
        (listed, max(since, 0)) for listed, since in at if since is not None and since < listed.head
    ]


def _first_caught_up(moved: Iterable[tuple[Listed, int]]) -> dict[UUID, int]:
    """The positions of the channels that are read now. Those that moved least come first, so that
    most of the rail is as it should be after one round."""
    first, left = {}, MOST_CAUGHT_UP
    for listed, since in sorted(moved, key=lambda one: one[0].head - one[1]):
        if since < listed.floor:
            continue
        left -= min(listed.head - since, MOST_MESSAGES)
        if left < 0:
            break
        first[listed.id] = since
    return first


def _frames(
    moved: Iterable[tuple[Listed, int]], stretches: Mapping[UUID, Stretch]
) -> list[dict[str, Any]]:
    frames, left = [], MOST_BYTES
    for listed, since in moved:
        if since < listed.floor:
            frames.append({"type": "reset", "channel": str(listed.id)})
            continue
        stretch = stretches.get(listed.id)
        messages = shown(stretch.rows, left, at_least=0) if stretch else []
        left -= len(orjson.dumps(messages))
        frames.append(_caught_up(listed, since, stretch, messages))
    return frames


def _caught_up(
    listed: Listed, since: int, stretch: Stretch | None, messages: list[dict[str, Any]]
) -> dict[str, Any]:
    upto = stretch.reached(messages) if stretch else since
    return {
        "type": "changes",
        "ref": None,
        "channel": str(listed.id),
        "since": since,
        "upto": upto,
        "messages": messages,
        "more": upto < listed.head,
    }
