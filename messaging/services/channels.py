"""Making channels, and people coming in and going out."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop
from guardian.shortcuts import assign_perm, remove_perm

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.services import record
from audit.statements import ask, statement_of
from messaging import bell
from messaging.exceptions import (
    Archived,
    LastOwner,
    NameTaken,
    NotAllowed,
    UnknownPerson,
)
from messaging.models import Channel, ChannelSubject, Membership
from messaging.queries import channel_for, joinable_for, membership_of
from messaging.services.locks import lock_managed
from messaging.services.positions import lock_channel
from messaging.services.system import say

_Role = Membership.Role
_READ: Final = statement_of(Path(__file__).parent.parent / "sql" / "read.sql")

#: What each role of a member is given on the channel as an object permission.
PERMISSIONS: dict[str, tuple[str, ...]] = {
    _Role.OWNER: ("manage_channel", "post_in_channel"),
    _Role.MODERATOR: ("post_in_channel",),
    _Role.MEMBER: (),
    _Role.GUEST: (),
}


def create_channel(
    *,
    by: User,
    kind: str,
    name: str,
    purpose: str = "",
    members: Iterable[User] = (),
    about: Iterable[User] = (),
    record_class: str = "routine",
    sensitive: bool = False,
) -> Channel:
    """Make a channel owned by its maker; `about` names people whom it concerns as subjects."""
    channel = Channel(
        kind=kind,
        name=name.strip(),
        purpose=purpose.strip(),
        record_class=record_class,
        sensitive=sensitive,
    )
    with transaction.atomic():
        _save(channel)
        for person in about:
            ChannelSubject.objects.create(channel=channel, person=person)
        join(channel, by, _Role.OWNER)
        others = [person for person in members if person.id != by.id]
        for person in others:
            join(channel, person, _Role.MEMBER)
        _created(channel, by, [by, *others])
    return channel


def open_direct(*, by: User, people: Sequence[User]) -> Channel:
    """The direct channel of exactly these people and oneself, made when it does not exist."""
    everybody = {person.id: person for person in (by, *people)}
    if any(not person.is_active for person in everybody.values()):
        raise UnknownPerson
    key = members_key(everybody)
    with transaction.atomic():
        made = Channel.objects.bulk_create(
            [Channel(kind=Channel.Kind.DIRECT, members_key=key, record_class="direct")],
            ignore_conflicts=True,
        )
        channel = Channel.objects.get(members_key=key)
        if channel.id == made[0].id:
            for person in everybody.values():
                join(channel, person, _Role.MEMBER)
            _created(channel, by, list(everybody.values()))
    return channel


def members_key(ids: Iterable[UUID]) -> str:
    """What makes a direct channel unique: a hash over the sorted ids of its people."""
    return hashlib.sha256(",".join(sorted(str(i) for i in ids)).encode()).hexdigest()


def join_channel(*, person: User, channel_id: UUID) -> Channel:
    """Come into an open channel."""
    with transaction.atomic():
        channel = lock_channel(channel_id)
        if not joinable_for(person).filter(id=channel_id).exists():
            return channel_for(person, channel_id)
        _come_in(channel, person, by=person)
    return channel


def add_member(*, by: User, channel_id: UUID, person: User) -> None:
    """An owner brings somebody in; somebody who is in already stays as they are."""
    with transaction.atomic():
        channel = lock_managed(by, channel_id)
        if not person.is_active:
            raise UnknownPerson
        if channel.subjects.filter(person=person).exists():
            raise NotAllowed(gettext_noop("This channel is about them, so they cannot be added."))
        if not Membership.objects.filter(channel=channel, person=person, left_at=None).exists():
            _come_in(channel, person, by=by)


def leave_channel(*, person: User, channel_id: UUID) -> None:
    """Go out of a channel; a direct one cannot be left, and the last owner stays."""
    with transaction.atomic():
        channel = lock_channel(channel_id)
        membership = membership_of(person, channel)
        if channel.kind == Channel.Kind.DIRECT:
            raise NotAllowed(gettext_noop("A direct conversation cannot be left. You can mute it."))
        _check_not_last_owner(membership)
        said = say(channel, by=person, event="left", person=person)
        _go_out(channel, membership)
        record(Action.MEMBER_LEFT, actor=person.id, subject=channel.id, **said)
        bell.ring((channel.id, channel.head))


def remove_member(*, by: User, channel_id: UUID, person: User) -> None:
    """An owner takes somebody out; from that position on they hear nothing more."""
    with transaction.atomic():
        channel = lock_managed(by, channel_id)
        # Also of somebody whose account is closed.
        membership = Membership.objects.filter(channel=channel, person=person, left_at=None).first()
        if membership is None:
            raise UnknownPerson
        _check_not_last_owner(membership)
        said = say(channel, by=by, event="removed", person=person)
        _go_out(channel, membership)
        record(
            Action.MEMBER_REMOVED,
            actor=by.id,
            subject=channel.id,
            person=person.id,
            **said,
        )
        bell.ring((channel.id, channel.head))


def set_role(*, by: User, channel_id: UUID, person: User, role: str) -> None:
    """Change what a member may do in the channel."""
    with transaction.atomic():
        channel = lock_managed(by, channel_id)
        membership = membership_of(person, channel)
        if membership.role == role:
            return
        if role != _Role.OWNER:
            _check_not_last_owner(membership)
        membership.role = role
        membership.save(update_fields=["role"])
        _permit(channel, person, role)
        record(
            Action.MEMBER_ROLE_CHANGED,
            actor=by.id,
            subject=channel.id,
            person=person.id,
            role=role,
        )


def archive_channel(*, by: User, channel_id: UUID) -> None:
    """Close a channel: it can be read and searched, and nothing is added any more."""
    with transaction.atomic():
        channel = lock_managed(by, channel_id)
        said = say(channel, by=by, event="archived", person=None)
        channel.archived_at = now()
        channel.save(update_fields=["archived_at"])
        record(Action.CHANNEL_ARCHIVED, actor=by.id, subject=channel.id, **said)
        bell.ring((channel.id, channel.head))


#: Of a person in a channel: the read position before and now.
type Moved = dict[tuple[UUID, UUID], tuple[int, int]]


def mark_read_many(*, positions: Mapping[tuple[UUID, UUID], int]) -> Moved:
    """Move read positions (of a person in a channel) forward; those that moved, whence and where.

    Positions in channels that the person is not in are passed over. It makes no entry: the log
    does not say who works when.
    """
    values = {
        "people": [person for person, _ in positions],
        "channels": [channel for _, channel in positions],
        "seqs": list(positions.values()),
    }
    return {(person, channel): (former, seq) for person, channel, former, seq in ask(_READ, values)}


def _save(channel: Channel) -> None:
    try:
        with transaction.atomic():
            channel.save(force_insert=True)
    except IntegrityError:
        raise NameTaken from None


def _created(channel: Channel, by: User, members: list[User]) -> None:
    said = say(channel, by=by, event="created", person=None)
    record(
        Action.CHANNEL_CREATED,
        actor=by.id,
        subject=channel.id,
        channel_kind=channel.kind,
        record_class=channel.record_class,
        members=[member.id for member in members],
        **said,
    )
    bell.ring((channel.id, channel.head))


def _come_in(channel: Channel, person: User, *, by: User) -> None:
    if channel.archived_at:
        raise Archived
    join(channel, person, _Role.MEMBER)
    said = say(channel, by=by, event="joined", person=person)
    record(
        Action.MEMBER_ADDED,
        actor=by.id,
        subject=channel.id,
        person=person.id,
        role=_Role.MEMBER.value,
        **said,
    )
    bell.ring((channel.id, channel.head))


def join(channel: Channel, person: User, role: str, *, at: datetime | None = None) -> None:
    """Put a person into a channel with what the role gives them, having read what there is."""
    Membership.objects.update_or_create(
        channel=channel,
        person=person,
        defaults={
            "role": role,
            "left_at": None,
            "joined_at": at or now(),
            "read_seq": channel.head,
        },
    )
    # Whoever went out left their permissions behind, so there is nothing to take away.
    for permission in PERMISSIONS[role]:
        assign_perm(f"messaging.{permission}", person, channel)


def _go_out(channel: Channel, membership: Membership) -> None:
    membership.left_at = now()
    membership.save(update_fields=["left_at"])
    _permit(channel, membership.person, _Role.GUEST)


def _permit(channel: Channel, person: User, role: str) -> None:
    for permission in PERMISSIONS[_Role.OWNER]:
        change = assign_perm if permission in PERMISSIONS[role] else remove_perm
        change(f"messaging.{permission}", person, channel)


def _check_not_last_owner(membership: Membership) -> None:
    if membership.role != _Role.OWNER:
        return
    others = Membership.objects.filter(
        channel=membership.channel, role=_Role.OWNER, left_at=None, person__is_active=True
    ).exclude(id=membership.id)
    if not others.exists():
        raise LastOwner
