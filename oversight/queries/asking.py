"""What a search of the record asks, read as the search reads it."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from accounts.models import User
from messaging.models import Message
from messaging.search.asked import Chip, Choices, filtered, opened
from messaging.search.filters import split
from messaging.search.query import Query, QueryError, parse
from oversight.errors import SearchUnreadable
from oversight.inquiry import Inquiry
from oversight.queries.desk import channel_names, channels_of_desk

#: Which limit of a query a filter that names somebody or a channel sets.
_NAMING: Final = {"from": "author", "in": "channel"}


def settled(viewer: User, inquiry: Inquiry, as_of: datetime) -> Inquiry:
    """The inquiry with the ids of whom and what its filters name now, which stay what it asked
    however they are called later; raises SearchUnreadable."""
    limits = _filtered(viewer, inquiry, as_of)[1]
    named = {name: limits[limit] for name, limit in _NAMING.items() if limit in limits}
    return replace(inquiry, named=named)


def query_of(viewer: User, inquiry: Inquiry, as_of: datetime) -> Query:
    """The inquiry as the search reads it, bounded by `as_of`; raises SearchUnreadable."""
    return _understood(viewer, inquiry, as_of)[0]


def chips_of(viewer: User, inquiry: Inquiry, as_of: datetime) -> list[str]:
    """How the filters and signs among the words were understood; raises SearchUnreadable."""
    query, chips = _understood(viewer, inquiry, as_of)
    return [chip.label for chip in (*chips, *opened(query, inquiry.words))]


def _understood(viewer: User, inquiry: Inquiry, as_of: datetime) -> tuple[Query, list[Chip]]:
    """The inquiry with the filters typed among its words, which go before those beside them."""
    limits: dict[str, Any] = {
        "channel": inquiry.channel,
        "author": inquiry.person,
        "since": inquiry.since,
        "until": inquiry.until,
    }
    words, typed, chips = _filtered(viewer, inquiry, as_of)
    limits |= typed
    limits["until"] = min(limits["until"] or as_of, as_of)
    try:
        return parse(words, **limits), chips
    except QueryError as unreadable:
        raise SearchUnreadable(str(unreadable)) from None


def _filtered(
    viewer: User, inquiry: Inquiry, as_of: datetime
) -> tuple[str, dict[str, Any], list[Chip]]:
    """The words, and what the filters among them ask, with their chips."""
    try:
        return filtered(inquiry.words, _choices(viewer, inquiry, as_of))
    except QueryError as unreadable:
        raise SearchUnreadable(str(unreadable)) from None


def _choices(viewer: User, inquiry: Inquiry, as_of: datetime) -> Choices:
    """Whom and what the typed filters may name; read only where one names anything."""
    named = {each.name for each in split(inquiry.words)[1]}
    people = User.objects.values_list("id", "display_name") if "from" in named else ()
    channels = channel_names(channels_of_desk(viewer)) if "in" in named else {}
    return Choices(
        me=viewer,
        people=dict(people),
        channels=channels,
        versions=True,
        today=timezone.localdate(as_of),
        settled=inquiry.named,
    )


def within(query: Query, message: Message) -> bool:
    """Whether a message is what the filters of a query let through, but for what became of it."""
    return (
        query.channel in {None, message.channel_id}
        and query.author in {None, message.author_id}
        and (query.since is None or query.since <= message.sent_at)
        and (query.until is None or message.sent_at < query.until)
    )
