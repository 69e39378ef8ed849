"""What a person may read. Every question starts at the viewer; the refusal is 'not found'."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from messaging.exceptions import ChannelNotFound, MessageNotFound
from messaging.models import Channel, Membership, Message

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


def message_for(person: User, message_id: UUID) -> Message:
    """A message in one of the person's channels, or MessageNotFound."""
    found = Message.objects.filter(
        id=message_id, out_of_view=False, channel__in=channels_for(person)
    )
    message = found.select_related("channel").first()
    if message is None:
        raise MessageNotFound
    return message


def conversation(channel: Channel) -> QuerySet[Message]:
    """What the members of a channel see of it, in page order."""
    return Message.objects.filter(channel=channel, out_of_view=False).order_by("sent_at", "id")


def newest(channel: Channel, limit: int) -> list[Message]:
    """The newest page, oldest first."""
    return list(conversation(channel).reverse()[:limit])[::-1]


def before(message: Message, limit: int) -> list[Message]:
    """The page just before a message, oldest first."""
    return _side(message, _EARLIER, limit)[::-1]


def around(message: Message, limit: int) -> list[Message]:
    """A page with the message in its middle, oldest first."""
    half = limit // 2
    earlier = before(message, half)
    return [*earlier, *_side(message, _LATER, limit - len(earlier))]


_EARLIER = """
SELECT * FROM messaging_message
WHERE channel_id = %s AND NOT out_of_view AND (sent_at, id) < (%s, %s)
ORDER BY sent_at DESC, id DESC LIMIT %s
"""

_LATER = """
SELECT * FROM messaging_message
WHERE channel_id = %s AND NOT out_of_view AND (sent_at, id) >= (%s, %s)
ORDER BY sent_at, id LIMIT %s
"""


def _side(message: Message, query: str, limit: int) -> list[Message]:
    place = [message.channel_id, message.sent_at, message.id, limit]
    return list(Message.objects.raw(query, place))


def changed_after(
    channel: Channel, position: int, limit: int, *, only_system: bool = False
) -> list[Message]:
    """Messages whose latest change lies after `position`, in the order of their changes."""
    changed = Message.objects.filter(channel=channel, changed__gt=position, out_of_view=False)
    if only_system:
        changed = changed.filter(kind=Message.Kind.SYSTEM)
    return list(changed.order_by("changed")[:limit])


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A channel as the rail shows it to one person."""

    id: UUID
    name: str
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


_LIST = """
SELECT c.id, c.name, c.kind, c.head, c.floor, m.read_seq, m.muted, c.archived_at IS NOT NULL,
       c.archived_at IS NULL AND (c.kind <> 'announcement' OR EXISTS (
            SELECT FROM guardian_userobjectpermission g
            JOIN auth_permission p ON p.id = g.permission_id
            WHERE g.user_id = m.person_id AND g.object_pk = c.id::text
              AND p.codename = 'post_in_channel')),
       c.purpose,
       (SELECT count(*) FROM (
            SELECT FROM messaging_message x
            WHERE x.channel_id = c.id AND x.seq > m.read_seq AND x.kind = 'text'
              AND x.author_id <> m.person_id AND x.deleted_at IS NULL AND NOT x.out_of_view
            LIMIT %(most)s) waiting)
FROM messaging_membership m JOIN messaging_channel c ON c.id = m.channel_id
JOIN accounts_user u ON u.id = m.person_id AND u.is_active
WHERE m.person_id = %(person)s AND m.left_at IS NULL
ORDER BY c.name, c.id
"""

_OTHERS = """
SELECT m.channel_id, string_agg(u.display_name, ', ' ORDER BY u.display_name),
       array_agg(u.id ORDER BY u.display_name)
FROM messaging_membership m JOIN accounts_user u ON u.id = m.person_id
WHERE m.channel_id = ANY(%s) AND m.person_id <> %s AND m.left_at IS NULL
GROUP BY m.channel_id
"""


def rail_for(person: User) -> list[Listed]:
    """The person's channels with unread counts, in two queries; a direct one has its people's
    names."""
    with connection.cursor() as cursor:
        cursor.execute(_LIST, {"most": MOST_UNREAD, "person": person.id})
        rows = cursor.fetchall()
        direct = [row[0] for row in rows if row[2] == Channel.Kind.DIRECT]
        cursor.execute(_OTHERS, [direct, person.id])
        others = {channel: (names, ids) for channel, names, ids in cursor.fetchall()}
    return [_listed(row, others) for row in rows]


def _listed(row: Sequence[Any], others: dict[UUID, tuple[str, list[UUID]]]) -> Listed:
    (
        channel_id,
        name,
        kind,
        head,
        floor,
        read_seq,
        muted,
        archived,
        can_post,
        purpose,
        unread,
    ) = row
    names, people = others.get(channel_id, ("Only you", []))
    return Listed(
        id=channel_id,
        name=name or names,
        can_post=can_post,
        purpose=purpose,
        people=tuple(people),
        kind=kind,
        head=head,
        floor=floor,
        read_seq=read_seq,
        unread=unread,
        muted=muted,
        archived=archived,
    )
