"""A page of what a search found, each hit in its conversation: the newest first, or the best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from audit.entries import ItemOfAct
from messaging.marking import marked
from messaging.models import Message
from messaging.rendering import names_of, put_corrections
from messaging.search import best
from messaging.search.best import Best
from messaging.search.hits import Hit
from messaging.search.scope import Position
from messaging.vault.bodies import Body
from messaging.vault.versions import readable_bodies
from oversight.inquiry import Inquiry
from oversight.models import SearchRecord
from oversight.queries.asking import query_of
from oversight.queries.desk import channel_names
from oversight.queries.hits import (
    HITS_A_PAGE,
    as_told,
    beside,
    found_by,
    items_of,
    lines_of,
)

LINES_OF_CONTEXT: Final = 3


@dataclass(frozen=True, kw_only=True)
class Results:
    """A page of hits as the templates show them; `items` are the texts that it lays open. Where
    the best come first, `best` says of how many, and `next` where to go on if time was up before
    anything was found."""

    hits: list[dict[str, Any]]
    items: list[ItemOfAct]
    next: Position | None
    partial: bool
    unread: tuple[date, ...]
    renewing: tuple[date, ...]
    best: Best | None = None


def best_of(
    viewer: User, record: SearchRecord, inquiry: Inquiry, before: Position | None, skip: int
) -> Best:
    """The best of what a search finds older than `before`, after the first `skip` of them."""
    as_of, most, seconds = record.opened_at, best.MOST_RANKED, best.SECONDS
    found = found_by(viewer, inquiry, as_of, before=before, limit=most, seconds=seconds)
    return best.page_of(found, query_of(viewer, inquiry, as_of), skip=skip, limit=HITS_A_PAGE)


def results_of(
    viewer: User,
    record: SearchRecord,
    inquiry: Inquiry,
    before: Position | None,
    skip: int | None = None,
) -> Results:
    """A page of a search's hits older than `before`, each with three lines before and after: the
    newest, or where it is given the best after the first `skip`."""
    ranked = None if skip is None else best_of(viewer, record, inquiry, before, skip)
    if ranked is None:
        found = found_by(viewer, inquiry, record.opened_at, before=before)
    else:
        following = None if ranked.ranked else ranked.found.next
        found = replace(ranked.found, hits=ranked.hits, next=following)
    near = _Near.of(found.hits)
    return Results(
        hits=_told(found.hits, near),
        items=items_of([(hit.message, hit.version, hit.body) for hit in found.hits] + near.shown()),
        next=found.next,
        partial=found.partial,
        unread=found.unread,
        renewing=found.renewing,
        best=ranked,
    )


@dataclass(frozen=True, kw_only=True)
class _Near:
    """The lines before and after each hit, by the hit's message, and the texts of those that can
    be read."""

    earlier: Mapping[UUID, list[Message]]
    later: Mapping[UUID, list[Message]]
    bodies: Mapping[UUID, Body]

    @classmethod
    def of(cls, hits: Sequence[Hit]) -> Self:
        messages = {hit.message.id: hit.message for hit in hits}
        earlier = beside(messages, "<", "DESC", LINES_OF_CONTEXT)
        later = beside(messages, ">", "ASC", LINES_OF_CONTEXT)
        return cls(earlier=earlier, later=later, bodies=readable_bodies(_all(earlier, later)))

    def lines(self) -> list[Message]:
        """All of them; one that stands between two hits is there twice."""
        return _all(self.earlier, self.later)

    def shown(self) -> list[tuple[Message, int, Body]]:
        """Those that are laid open, each with its version."""
        bodies = self.bodies
        return [(m, m.version, bodies[m.id]) for m in self.lines() if m.id in bodies]


def _all(*sides: Mapping[UUID, list[Message]]) -> list[Message]:
    return [message for side in sides for some in side.values() for message in some]


def _told(hits: Sequence[Hit], near: _Near) -> list[dict[str, Any]]:
    """The hits as the templates show them, in the midst of their lines."""
    messages = [hit.message for hit in hits]
    names = names_of(message.author_id for message in [*messages, *near.lines()])
    channels = channel_names({message.channel_id: message.channel for message in messages}.values())
    told: list[dict[str, Any]] = [
        {
            "id": f"{hit.message.id}-{hit.version}",
            "place": (hit.message.id, hit.version),
            "message": _as_found(hit, names),
            "html": marked(hit.body.text, hit.spans),
            "files": hit.files,
            "channel_name": channels[hit.message.channel_id],
            "note": _note(hit),
            "before": lines_of(near.earlier[hit.message.id], near.bodies, names),
            "after": lines_of(near.later[hit.message.id], near.bodies, names),
        }
        for hit in hits
    ]
    lines = [[hit["message"], *hit["before"], *hit["after"]] for hit in told]
    put_corrections(line for some in lines for line in some)
    return told


def _as_found(hit: Hit, names: Mapping[UUID, str]) -> dict[str, Any]:
    """The version that was found, as the conversation showed it."""
    present = {"deleted_at": None} if hit.is_present else {"deleted_at": None, "edited_at": None}
    return as_told(hit.message, hit.body, names) | present


def _note(hit: Hit) -> str:
    if hit.version < hit.message.version:
        of = {"version": hit.version, "versions": hit.message.version}
        if hit.message.deleted_at:
            return _("Earlier version, %(version)d of %(versions)d, then deleted") % of
        return _("Earlier version, %(version)d of %(versions)d") % of
    return _("Deleted by a member; kept in the record") if hit.message.deleted_at else ""
