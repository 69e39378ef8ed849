"""Whom the words of new messages mention: asked of the channels' present members, and noted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from audit.statements import array, ask, statement_of
from messaging.mentions import NOBODY, Ids, Mentions, found_in
from messaging.queries import MAY_MENTION_ALL
from messaging.rendering import render_markdown

_SQL: Final = Path(__file__).parent / "sql"
_MEMBERS: Final = statement_of(_SQL / "mentionable.sql").replace("{may}", MAY_MENTION_ALL)
_INSERT: Final = statement_of(_SQL / "mentions.sql")


class Said(Protocol):
    """Words in a channel, before they are stored."""

    @property
    def author(self) -> UUID:
        """Who says them."""

    @property
    def channel(self) -> UUID:
        """Where."""

    @property
    def body(self) -> str:
        """Their Markdown source."""


class Mentioning(Protocol):
    """A message that mentions somebody, or nobody."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def channel_id(self) -> UUID:
        """Its channel."""

    @property
    def seq(self) -> int:
        """The position at which it was posted."""


@dataclass(kw_only=True, slots=True)
class _Members:
    """A channel's present members by name, and who of them may mention everybody."""

    named: dict[str, Ids]
    leave: set[UUID]


def mentions_of(said: Sequence[Said]) -> list[Mentions]:
    """Whom each of these mentions, in their order; one question, and none where there is no `@`.

    Ask it under the lock of the channels: who is in them, and who may mention everybody, is then
    what it is at the commit.
    """
    channels = {one.channel for one in said if "@" in one.body}
    members = _members_of(channels) if channels else {}
    return [_mentions(one, members.get(one.channel)) if "@" in one.body else NOBODY for one in said]


def note_mentions(of: Sequence[tuple[Mentioning, Mentions]]) -> None:
    """Write down who is mentioned where, for what is counted and looked for.

    Needs no answer, so that it can go out together with other statements.
    """
    rows = [(message, *row) for message, mentions in of for row in _rows(mentions)]
    if not rows:
        return
    values = {
        "messages": array(message.id for message, _, _ in rows),
        "channels": array(message.channel_id for message, _, _ in rows),
        "seqs": array(message.seq for message, _, _ in rows),
        "people": array(person for _, person, _ in rows),
        "everybody": array(word for _, _, word in rows),
    }
    ask(_INSERT, values)


def _rows(mentions: Mentions) -> Iterator[tuple[UUID | None, str | None]]:
    yield from ((person, None) for person in mentions.ids)
    if mentions.everybody:
        yield None, mentions.everybody


def _mentions(one: Said, members: _Members | None) -> Mentions:
    if members is None:
        return NOBODY
    html = render_markdown(one.body)
    return found_in(html, members.named, all_too=one.author in members.leave)


def _members_of(channels: set[UUID]) -> Mapping[UUID, _Members]:
    found: defaultdict[UUID, _Members] = defaultdict(lambda: _Members(named={}, leave=set()))
    for channel, person, name, may in ask(_MEMBERS, {"channels": array(channels)}):
        members = found[channel]
        members.named[name] = (*members.named.get(name, ()), person)
        if may:
            members.leave.add(person)
    return found
