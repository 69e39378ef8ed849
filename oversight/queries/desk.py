"""What somebody at the safeguarding desk may reach: who sits there, their searches, concerns."""

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import may
from audit.sealed import RecordGone, open_record
from messaging.models import Channel, ChannelSubject, Membership
from oversight.errors import ConcernNotFound, NotAtTheDesk, SearchNotFound
from oversight.inquiry import Inquiry
from oversight.models import Concern, SearchRecord

DESK = "use_safeguarding_desk"


def holders(*permissions: str) -> QuerySet[User]:
    """Everybody who really holds one of these permissions of accounts now, by name."""
    given = Q(
        groups__permissions__codename__in=permissions,
        groups__permissions__content_type__app_label="accounts",
    )
    return User.objects.filter(given, is_active=True).distinct().order_by("display_name")


def check_at_the_desk(viewer: User) -> None:
    """Raises NotAtTheDesk for anybody but the safeguarding lead and deputies."""
    if not may(viewer, DESK):
        raise NotAtTheDesk


def excluded_for(viewer: User) -> frozenset[UUID]:
    """The channels about the viewer: no authority of theirs reaches into them."""
    about = ChannelSubject.objects.filter(person=viewer)
    return frozenset(about.values_list("channel_id", flat=True))


def channels_of_desk(viewer: User) -> QuerySet[Channel]:
    """Every channel and direct message but those about the viewer."""
    check_at_the_desk(viewer)
    return Channel.objects.exclude(id__in=excluded_for(viewer))


def people_of_desk(viewer: User) -> QuerySet[User]:
    """Everybody who may have written something, by name."""
    check_at_the_desk(viewer)
    return User.objects.order_by("display_name")


def searches_of(viewer: User) -> QuerySet[SearchRecord]:
    """The viewer's own searches, newest first."""
    check_at_the_desk(viewer)
    return SearchRecord.objects.filter(searcher=viewer).order_by("-number")


def search_for(viewer: User, number: int) -> SearchRecord:
    """One search of the viewer's own, or SearchNotFound."""
    search = searches_of(viewer).filter(number=number).first()
    if search is None:
        raise SearchNotFound
    return search


def kept_of(viewer: User, concern: int | None = None) -> list[tuple[SearchRecord, Inquiry]]:
    """The searches that the viewer keeps, by name; with a concern's number those for it alone.
    One whose sealed record was disposed of cannot be made again, and is none of them."""
    found = []
    for search in searches_of(viewer).filter(kept=True):
        with suppress(RecordGone):
            found.append((search, inquiry_of(search)))
    wanted = [pair for pair in found if concern in {None, pair[1].concern}]
    return sorted(wanted, key=lambda pair: pair[1].name.casefold())


def inquiry_of(search: SearchRecord) -> Inquiry:
    """What a search asked; raises RecordGone when its sealed record's term has ended."""
    return Inquiry.of(open_record(search.record))


def named_channel(viewer: User, inquiry: Inquiry) -> Channel | None:
    """The channel that a search is limited to, as long as the viewer may look into it."""
    named = inquiry.channel
    return channels_of_desk(viewer).filter(id=named).first() if named else None


def named_person(viewer: User, inquiry: Inquiry) -> User | None:
    """The person to whose messages a search is limited."""
    named = inquiry.person
    return people_of_desk(viewer).filter(id=named).first() if named else None


def concerns_for(viewer: User) -> QuerySet[Concern]:
    """What was passed to the desk, but nothing about the viewer: new ones first, then newest."""
    check_at_the_desk(viewer)
    return (
        Concern.objects.exclude(author=viewer)
        .exclude(channel__in=excluded_for(viewer))
        .select_related("raised_by", "acknowledged_by", "closed_by", "author", "channel")
        .order_by("-acknowledged_at", "-number")
    )


def concern_for(viewer: User, number: int) -> Concern:
    """One concern that the viewer may take, or ConcernNotFound."""
    concern = concerns_for(viewer).filter(number=number).first()
    if concern is None:
        raise ConcernNotFound
    return concern


def own_concern(viewer: User, message_id: UUID) -> Concern | None:
    """The concern by which the viewer passed a message on, if they did."""
    return Concern.objects.filter(raised_by=viewer, message=message_id).first()


def takers_of(channel: Channel, author: UUID | None) -> QuerySet[User]:
    """Who at the desk may take a concern about a message: neither its author nor anybody whom
    the channel is about."""
    takers = holders(DESK).exclude(id__in=channel.subjects.values("person"))
    return takers.exclude(id=author) if author else takers


def channel_names(channels: Iterable[Channel]) -> dict[UUID, str]:
    """What to call channels: their names, and direct messages by their people."""
    named = {channel.id: channel.name for channel in channels}
    direct = [channel for channel, name in named.items() if not name]
    people: dict[UUID, list[str]] = {channel: [] for channel in direct}
    rows = Membership.objects.filter(channel__in=direct).order_by("person__display_name")
    for channel, name in rows.values_list("channel_id", "person__display_name"):
        people[channel].append(name)
    return named | {
        i: _("Direct message: %(people)s") % {"people": ", ".join(some)}
        for i, some in people.items()
    }
