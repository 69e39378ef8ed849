"""What became of searches, for whoever looks at them afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KeyTextTransform

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.models import Entry
from audit.sealed import RecordGone
from messaging.models import Channel
from oversight.errors import NotAReviewer
from oversight.inquiry import Inquiry
from oversight.models import SearchRecord
from oversight.queries.desk import channel_names, excluded_for, inquiry_of


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """A search as its reviewer sees it. Without an inquiry its sealed record's term has ended."""

    search: SearchRecord
    inquiry: Inquiry | None
    opened: int
    person: str
    where: str


def searches_to_review(viewer: User) -> QuerySet[SearchRecord]:
    """Others' searches, newest first, for those who approve; NotAReviewer for everybody else."""
    if not may(viewer, "approve_records"):
        raise NotAReviewer
    found = SearchRecord.objects.exclude(searcher=viewer)
    return found.select_related("searcher").order_by("-number")


def reviewed(viewer: User, searches: Iterable[SearchRecord]) -> list[Reviewed]:
    """What the searches asked and opened; none that asks for the viewer or for what is about
    them."""
    asked = {search: _inquiry(search) for search in searches}
    opened = opened_counts(asked)
    people, places = _people(asked.values()), _places(asked.values())
    hidden = excluded_for(viewer)
    return [
        Reviewed(
            search=search,
            inquiry=inquiry,
            opened=opened[search.uid],
            person=people.get(inquiry.person, "") if inquiry and inquiry.person else "",
            where=places.get(inquiry.channel, "") if inquiry and inquiry.channel else "",
        )
        for search, inquiry in asked.items()
        if inquiry is None or not _asks_for(inquiry, viewer, hidden)
    ]


def opened_counts(searches: Iterable[SearchRecord]) -> dict[UUID, int]:
    """Of how many messages each search opened the place or a file, from the log."""
    some = list(searches)
    opened = (
        Entry.objects.filter(
            action__in=(Action.MESSAGE_OPENED, Action.FILE_OPENED),
            actor__in={search.searcher_id for search in some},
        )
        .annotate(search=KeyTextTransform("search", "facts"))
        .filter(search__in=[str(search.uid) for search in some])
        .values_list("search")
        .annotate(messages=Count("subject", distinct=True))
    )
    none = {search.uid: 0 for search in some}
    return none | {UUID(search): messages for search, messages in opened}


def _inquiry(search: SearchRecord) -> Inquiry | None:
    try:
        return inquiry_of(search)
    except RecordGone:
        return None


def _asks_for(inquiry: Inquiry, viewer: User, hidden: frozenset[UUID]) -> bool:
    """Whether it asks for the viewer or for a hidden channel, by the form or among the words."""
    people = {inquiry.person, inquiry.named.get("from")}
    return viewer.id in people or not hidden.isdisjoint({inquiry.channel, inquiry.named.get("in")})


def _people(inquiries: Iterable[Inquiry | None]) -> dict[UUID, str]:
    ids = {each.person for each in inquiries if each and each.person}
    return dict(User.objects.filter(id__in=ids).values_list("id", "display_name"))


def _places(inquiries: Iterable[Inquiry | None]) -> dict[UUID, str]:
    ids = {each.channel for each in inquiries if each and each.channel}
    return channel_names(Channel.objects.filter(id__in=ids))
