"""What a person may read. Every question starts at the viewer; the refusal is 'not found'."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.queries import may
from audit.statements import ask, statement_of
from messaging.exceptions import (
    Archived,
    ChannelNotFound,
    MessageNotFound,
    ReadOnly,
    UnknownPerson,
)
from messaging.models import Channel, Membership, Message

_NO_SUCH: Final = gettext_noop(
    "There is no such message that you can correct. Please check the link."
)
#: Above this many unread messages the exact figure is no use to anybody.
MOST_UNREAD = 100


def channels_for(person: User) -> QuerySet[Channel]:
    """The channels that a person is a member of."""
    return Channel.objects.filter(
        memberships__person=person,
        memberships__left_at=None,
        memberships__person__is_active=True,
    )


def joinable_for(person: User) -> QuerySet[Channel]:
    """Open channels that a person could join."""
    mine = Membership.objects.filter(person=person, left_at=None).values("channel")
    return Channel.objects.filter(kind=Channel.Kind.OPEN, archived_at=None).exclude(id__in=mine)


def channel_for(person: User, channel_id: UUID) -> Channel:
    """A channel that the person is a member of, or ChannelNotFound."""
    channel = channels_for(person).filter(id=channel_id).first()
    if channel is None:
        raise ChannelNotFound
    return channel


def member_of(person: User, channel: Channel) -> Membership | None:
    """The person's present membership, if there is one. A closed account has none, whatever the
    object in the caller's hand still says."""
    return Membership.objects.filter(
        person=person, person__is_active=True, channel=channel, left_at=None
    ).first()


def membership_of(person: User, channel: Channel) -> Membership:
    """The person's present membership, or ChannelNotFound."""
    membership = member_of(person, channel)
    if membership is None:
        raise ChannelNotFound
    return membership


def members_of(channel: Channel) -> QuerySet[Membership]:
    """Everybody who is in a channel now and whose account is open, by name."""
    present = Membership.objects.filter(channel=channel, left_at=None, person__is_active=True)
    return present.select_related("person").order_by("person__display_name")


def may_manage(person: User, channel: Channel) -> bool:
    """Whether the person may change the channel and its members."""
    return person.is_active and person.has_perm("messaging.manage_channel", channel)


def may_post(person: User, channel: Channel) -> bool:
    """Whether a member may post: everybody, but in announcements only those who were given it."""
    if channel.kind != Channel.Kind.ANNOUNCEMENT:
        return True
    return person.has_perm("messaging.post_in_channel", channel)


def channel_to_post_in(person: User, channel_id: UUID) -> Channel:
    """A channel of the person's in which they may post. Raises ChannelNotFound, Archived or
    ReadOnly."""
    channel = channel_for(person, channel_id)
    if channel.archived_at:
        raise Archived
    if not may_post(person, channel):
        raise ReadOnly
    return channel


def may_pin(person: User, channel: Channel) -> bool:
    """Whether a member may pin messages: whoever may post, but no guest."""
    membership = member_of(person, channel)
    if membership is None or membership.role == Membership.Role.GUEST:
        return False
    return may_post(person, channel)


def message_for(person: User, message_id: UUID) -> Message:
    """A message in one of the person's channels, or MessageNotFound."""
    found = Message.objects.filter(
        id=message_id, out_of_view=False, channel__in=channels_for(person)
    )
    message = found.select_related("channel").first()
    if message is None:
        raise MessageNotFound
    return message


def correctable_for(person: User, message_id: UUID) -> Message:
    """A message that somebody with authority may correct, or MessageNotFound: what people
    wrote, in a conversation that neither is about this person nor their own direct one. What a hold
    alone keeps is not there."""
    if not may(person, "correct_records"):
        raise MessageNotFound(_NO_SUCH)
    mine = Membership.objects.filter(person=person).values("channel")
    about = Channel.objects.filter(
        Q(subjects__person=person) | Q(kind=Channel.Kind.DIRECT, id__in=mine)
    )
    found = Message.objects.filter(id=message_id, out_of_view=False)
    found = found.exclude(kind=Message.Kind.SYSTEM).exclude(channel__in=about.values("id"))
    message = found.select_related("channel", "author").first()
    if message is None:
        raise MessageNotFound(_NO_SUCH)
    return message


def conversation(channel: Channel) -> QuerySet[Message]:
    """What the members of a channel see of it, in page order."""
    return Message.objects.filter(channel=channel, out_of_view=False).order_by("sent_at", "id")


def newest(channel: Channel, limit: int) -> list[Message]:
    """The newest page, oldest first."""
    return list(conversation(channel).reverse()[:limit])[::-1]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A channel as the rail shows it to one person; a direct one may have a `name` of ours, in the
    language of whoever it is shown to."""

    id: UUID
    name: str | Promise
    kind: str
    head: int
    floor: int
    read_seq: int
    unread: int
    muted: bool
    archived: bool
    can_post: bool
    purpose: str
    people: tuple[UUID, ...]
    mentions: int
    mention_all: str
    can_mention_all: bool
    can_pin: bool
    no_images: bool
    members: int


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a channel is called for one person, and its kind."""

    name: str | Promise
    kind: str


@dataclass(frozen=True, kw_only=True)
class Rail:
    """A person's name and their channels, in the order of the rail."""

    name: str
    channels: tuple[Listed, ...]


_SQL: Final = Path(__file__).parent / "sql"
#: Whether a membership `m` of a channel `c` may mention everybody, as text of a statement.
MAY_MENTION_ALL: Final = statement_of(_SQL / "may_mention_all.sql").strip()
_LISTED: Final = statement_of(_SQL / "listed.sql").replace("{may_mention_all}", MAY_MENTION_ALL)
_RAIL: Final = statement_of(_SQL / "rail.sql").replace("{listed}", _LISTED)
_NAMES: Final = statement_of(_SQL / "names.sql")
_IN_RAILS: Final = statement_of(_SQL / "in_rails.sql").replace("{listed}", _LISTED)


def rail_of(person_id: UUID) -> Rail:
    """The person's channels with unread counts, in one query; a direct one has its people's
    names. A closed account has none; raises UnknownPerson for an id that nobody has."""
    rows = ask(_RAIL, {"person": person_id, "most": MOST_UNREAD})
    if not rows:
        raise UnknownPerson
    return Rail(name=rows[0][0], channels=tuple(_listed(row) for row in rows if row[2] is not None))


def rail_for(person: User) -> list[Listed]:
    """The person's channels, as `rail_of` reads them."""
    return list(rail_of(person.id).channels)


def names_for(person: User) -> dict[UUID, Named]:
    """What the person's channels are called, in the order of the rail, without what else a rail
    says of them; a direct one is called after its people."""
    rows = ask(_NAMES, {"person": person.id})
    return {row[0]: Named(name=row[1] or _("Only you"), kind=row[2]) for row in rows}


def in_rails(channel_id: UUID, people: Collection[UUID]) -> dict[UUID, Listed]:
    """One channel as the rail of each of these people shows it, in one query; those who are not
    in it are left out."""
    asked = {"channel": channel_id, "people": list(people), "most": MOST_UNREAD}
    return {row[1]: _listed(row) for row in ask(_IN_RAILS, asked)}


def _listed(row: Sequence[Any]) -> Listed:
    channel_id, name, kind, head, floor, read_seq, muted, archived, *more = row[2:]
    can_post, purpose, unread, names, people, mentions, mention_all, *can = more
    return Listed(
        id=channel_id,
        name=name or names or _("Only you"),
        kind=kind,
        head=head,
        floor=floor,
        read_seq=read_seq,
        unread=unread,
        muted=muted,
        archived=archived,
        can_post=can_post,
        purpose=purpose,
        people=tuple(people or ()),
        mentions=mentions,
        mention_all=mention_all,
        can_mention_all=can[0],
        can_pin=can[1],
        no_images=can[2],
        members=can[3],
    )
