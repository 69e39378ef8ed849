"""What an owner sees of the keeping of their channel.

What is held leaves the conversation on the same days as what is not, so that it is counted and
listed here like the rest: a number that left it out would give the hold away to whoever counts.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db import connection

from accounts.models import User
from messaging.models import Channel
from retention.dates import add_months
from retention.due.terms import due_on, limit
from retention.exceptions import NotFound
from retention.models import Disposal, DisposalItem, Objection, Policy
from retention.queries.objections import may_object, owned_by, proposals_of
from retention.queries.rules import keeping_of

_MONTHS = (Path(__file__).resolve().parent.parent / "sql" / "coming.sql").read_text("utf-8")
#: How far an owner looks ahead.
_AHEAD = 3


@dataclass(frozen=True, kw_only=True)
class Coming:
    """A month's messages of a channel, and the first day on which they are due to leave it."""

    month: date
    messages: int
    due: date


@dataclass(frozen=True, kw_only=True)
class Part:
    """A channel's part of an open proposal, and whether its owner may still object."""

    disposal: Disposal
    messages: int
    first_month: date
    last_month: date
    objection: Objection | None
    may_object: bool


def own_channel(owner: User, channel_id: UUID) -> Channel:
    """A channel that this person owns, or NotFound."""
    found = owned_by(owner).filter(pk=channel_id).first()
    if found is None:
        raise NotFound
    return found


def coming_in(channel: Channel, today: date) -> list[Coming]:
    """The months of a channel that are due to leave it until three months from now, oldest first;
    none where its rule disposes of nothing."""
    keeping = keeping_of(channel)
    if keeping.action != Policy.Action.DISPOSE:
        return []
    then = add_months(today, _AHEAD)
    before = limit(keeping.term, then)
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, {"channel": channel.pk, "before": before})
        rows = cursor.fetchall()
    found = [
        (month, messages, due_on(keeping.term, last, day)) for month, messages, last, day in rows
    ]
    return [
        Coming(month=month, messages=messages, due=due)
        for month, messages, due in found
        if due and due <= then
    ]


def parts_of_channel(owner: User, channel: Channel) -> list[Part]:
    """The channel's parts of proposals that are not over."""
    return [_part(owner, channel, disposal) for disposal in proposals_of(channel)]


def _part(owner: User, channel: Channel, disposal: Disposal) -> Part:
    chunks = disposal.chunks.filter(channel=channel)
    months = sorted(chunks.values_list("month", flat=True))
    return Part(
        disposal=disposal,
        messages=DisposalItem.objects.filter(chunk__in=chunks).count(),
        first_month=months[0],
        last_month=months[-1],
        objection=disposal.objections.filter(channel=channel).first(),
        may_object=may_object(owner, channel, disposal),
    )
