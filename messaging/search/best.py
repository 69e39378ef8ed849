"""The best matches first, of the newest that a search finds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from messaging.files.attached import attachments_in
from messaging.files.texts import texts_of
from messaging.search.hits import Hit
from messaging.search.query import Query
from messaging.search.ranking import Field, Part, Rank, rank
from messaging.search.run import PAGE, Page, search
from messaging.search.scope import Position, Scope

MOST_RANKED: Final = 500
"""Hits that are ranked, the newest."""
SECONDS: Final = 1.5


@dataclass(frozen=True, kw_only=True)
class Best:
    """A page of the best.

    Attributes:
        hits: at most as many as were asked for, the best first.
        ranked: how many were ranked.
        all: whether these are all that there are.
        next: how many to pass over for the following page, or None at the end.
        found: what was ranked, as the search gave it.
    """

    hits: list[Hit]
    ranked: int
    all: bool
    next: int | None
    found: Page


def at(moment: datetime) -> Position:
    """Newer than everything sent until then, and older than what comes after."""
    return Position(sent_at=moment, message=UUID(int=2**128 - 1), version=2**31 - 1)


def best(scope: Scope, query: Query, *, as_of: Position, skip: int = 0) -> Best:
    """The page after the `skip` best of what was sent before `as_of`. The same page comes again as
    long as nobody edits or deletes."""
    found = search(scope, query, limit=MOST_RANKED, before=as_of, seconds=SECONDS)
    return page_of(found, query, skip=skip)


def page_of(found: Page, query: Query, *, skip: int, limit: int = PAGE) -> Best:
    """The page after the `skip` best of what a search found."""
    ranked = _ranked(found.hits, query)
    return Best(
        hits=ranked[skip : skip + limit],
        ranked=len(ranked),
        all=found.next is None and not found.partial,
        next=skip + limit if skip + limit < len(ranked) else None,
        found=found,
    )


def _ranked(hits: Sequence[Hit], query: Query) -> list[Hit]:
    """The best first; of equals the newest."""
    texts = texts_of(file for hit in hits for file in attachments_in(hit.body.details))
    newest_first = sorted(hits, key=lambda hit: hit.position, reverse=True)
    return sorted(newest_first, key=_rank_by(query, texts))


def _rank_by(query: Query, texts: Mapping[UUID, str]) -> Callable[[Hit], Rank]:
    return lambda hit: rank(query.tree, _parts_of(hit, texts))


def _parts_of(hit: Hit, texts: Mapping[UUID, str]) -> list[Part]:
    parts = [(Field.MESSAGE, hit.body.text), *((Field.MESSAGE, note) for note in hit.notes)]
    for file in attachments_in(hit.body.details):
        parts += [(Field.FILE_NAME, file.name), (Field.FILE_TEXT, texts.get(file.id, ""))]
    return parts
