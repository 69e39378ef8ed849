"""A page of what a search found, each hit in its conversation: the newest first, or the best."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from audit.entries import ItemOfAct
from messaging.marking import marked
from messaging.rendering import names_of, put_corrections
from messaging.search import best
from messaging.search.best import Best
from messaging.search.hits import Hit
from messaging.search.scope import Position
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
    the best come first, `best` says of how many, and `next` is nothing."""

    hits: list[dict[str, Any]]
    items: list[ItemOfAct]
    next: Position | None
    partial: bool
    unread: tuple[date, ...]
    renewing: tuple[date, ...]
    best: Best | None = None


def best_of(viewer: User, record: SearchRecord, inquiry: Inquiry, skip: int) -> Best:
    """The best of what a search finds, after the first `skip` of them."""
    as_of = record.opened_at
    found = found_by(viewer, inquiry, as_of, limit=best.MOST_RANKED, seconds=best.SECONDS)
    return best.page_of(found, query_of(viewer, inquiry, as_of), skip=skip, limit=HITS_A_PAGE)


def results_of(
    viewer: User,
    record: SearchRecord,
    inquiry: Inquiry,
    before: Position | None,
    skip: int | None = None,
) -> Results:
    """A page of a search's hits, each with three lines before and after: the newest older than
    `before`, or where it is given the best after the first `skip`."""
    ranked = None if skip is None else best_of(viewer, record, inquiry, skip)
    if ranked is None:
        found = found_by(viewer, inquiry, record.opened_at, before=before)
    else:
        found = replace(ranked.found, hits=ranked.hits, next=None)
    messages = {hit.message.id: hit.message for hit in found.hits}
    earlier = beside(messages, "<", "DESC", LINES_OF_CONTEXT)
    later = beside(messages, ">", "ASC", LINES_OF_CONTEXT)
    near = [m for side in (earlier, later) for some in side.values() for m in some]
    bodies = readable_bodies(near)
    names = names_of(m.author_id for m in [*messages.values(), *near])
    channels = channel_names({m.channel_id: m.channel for m in messages.values()}.values())
    shown = [(hit.message, hit.version, hit.body) for hit in found.hits]
    results = Results(
        hits=[
            {
                "id": f"{hit.message.id}-{hit.version}",
                "message": _as_found(hit, names),
                "html": marked(hit.body.text, hit.spans),
                "files": hit.files,
                "channel_name": channels[hit.message.channel_id],
                "note": _note(hit),
                "before": lines_of(earlier[hit.message.id], bodies, names),
                "after": lines_of(later[hit.message.id], bodies, names),
            }
            for hit in found.hits
        ],
        items=items_of(shown + [(m, m.version, bodies[m.id]) for m in near if m.id in bodies]),
        next=found.next,
        partial=found.partial,
        unread=found.unread,
        renewing=found.renewing,
        best=ranked,
    )
    put_corrections(
        told for hit in results.hits for told in (hit["message"], *hit["before"], *hit["after"])
    )
    return results


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
