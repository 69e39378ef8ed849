"""A search, from the keyed tokens to the proof on the plaintext.

Months are asked newest first, a few at a time; each month's candidates come newest first too, so
that the first page is mostly done after the first month. Candidates are unsealed and checked;
nothing is a hit by its tokens alone. Whatever the index cannot decide (a function word, a very
common prefix) is decided by reading, newest first, until the page is full or the time is up, and
then the page says that it is partial and where to go on.

What a searcher may reach is the caller's `Scope`, decided in its own queries. It is applied to
the tokens and again to the messages themselves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from time import monotonic
from typing import Final

from psycopg.errors import UndefinedTable

from audit.clock import month_of, now
from messaging.search.candidates import Shard, find_candidates, holding, shards
from messaging.search.changed import changed, standing
from messaging.search.fence import TimeIsUp, left_until, until
from messaging.search.hits import Hit, Proved, hits_of, prove
from messaging.search.query import Query
from messaging.search.scope import Position, Scope

PAGE: Final = 20
BUDGET_SECONDS: Final = 0.7
_BATCHES: Final = (1, 2, 5, 12, 24, 40)
"""Months a statement. Growing, because most pages are full after the first."""
_MOST_AT_ONCE: Final = 640
"""Candidates unsealed in one go, at most: some 20 ms."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Hits, newest first.

    Attributes:
        hits: at most as many as were asked for.
        next: where to go on, or None at the end.
        partial: time was up before the page was full: there may be more, also after an empty one.
        unread: months that could not be searched, or not wholly, since a key to them is missing
            or something in them was altered, or they are renewing; the newest first.
        renewing: those of them that lack nothing but an index of our day: their words were made by
            an earlier analyser, or they were indexed anew again and again while being searched.
    """

    hits: list[Hit]
    next: Position | None
    partial: bool
    unread: tuple[date, ...] = ()
    renewing: tuple[date, ...] = ()


def search(
    scope: Scope,
    query: Query,
    *,
    limit: int = PAGE,
    before: Position | None = None,
    seconds: float = BUDGET_SECONDS,
) -> Page:
    """The newest `limit` hits older than `before`.

    A month that is indexed anew, or dropped, between the reading of its key and of its tokens has
    nothing any more under that key: then all is searched once more. What changed again is named,
    and where another month was dropped the page ends before it, to be gone on from.
    """
    try:
        run = _Search(scope, query, limit, monotonic() + seconds)
        page = run.run(before)
        if not run.changed():
            return page
    except UndefinedTable:
        pass
    run = _Search(scope, query, limit, monotonic() + seconds)
    try:
        page = run.run(before, again=True)
    except UndefinedTable:
        page = run.stopped()
    return run.named(page, {*page.renewing, *run.changed()})


@dataclass
class _Search:
    """One run: what it has found, and what it could not read."""

    scope: Scope
    query: Query
    limit: int
    deadline: float
    proved: list[Proved] = field(default_factory=list)
    unread: set[date] = field(default_factory=set)
    asked: list[Shard] = field(default_factory=list)
    outdated: set[date] = field(default_factory=set)
    reached: Position | None = None
    """How far it came: all newer than that was looked through."""
    wanted: int = field(init=False)
    """Candidates a statement; more and more, where few of them are hits."""

    def __post_init__(self) -> None:
        self.wanted = self.limit + 1

    def run(self, before: Position | None, *, again: bool = False) -> Page:
        """The page of what is older than `before`; looked through `again`, also the tables of the
        months are looked for."""
        self.reached = before
        try:
            with until(self.deadline):
                found = shards(self.scope, self.query, before, self.unread)
                return self._through(standing(found, self.unread) if again else found)
        except TimeIsUp:
            return self._so_far()

    def stopped(self) -> Page:
        """The page up to where a month was dropped; those that were asked for with it, and still
        stand, are named."""
        page = self._so_far()
        left = (shard for shard in self.asked if Position.start_of(shard.month) < self._newest())
        return self.named(page, {*page.renewing, *(s.month for s in standing(left, set()))})

    def _so_far(self) -> Page:
        return self._page(self._newest(), partial=True)

    def _newest(self) -> Position:
        """All newer than that was looked through."""
        return self.reached or Position.start_of(_following(month_of(now())))

    def _through(self, found: Sequence[Shard]) -> Page:
        """Batch by batch, until the page is full, the time is up or there is nothing left."""
        self.outdated = {shard.month for shard in found if not shard.current}
        for batch in _batches(found, self.scope, self.query):
            if self.asked and monotonic() > self.deadline:
                return self._so_far()
            done, self.reached = self._batch(batch, self.reached)
            if len(self.proved) > self.limit:
                del self.proved[self.limit :]
                return self._page(self.proved[-1].position)
            if not done:
                return self._page(self.reached, partial=True)
        return self._page(None)

    def changed(self) -> set[date]:
        """The months among those asked that may have been searched under keys that were gone."""
        try:
            with until(self.deadline):
                return changed(self.asked)
        except TimeIsUp:
            return {shard.month for shard in self.asked}

    def _batch(self, batch: list[Shard], position: Position | None) -> tuple[bool, Position | None]:
        """Search some months; whether all of them are done, and how far it came."""
        self.asked += batch
        while True:
            try:
                candidates, proved = self._found(batch, position)
            except TimeIsUp:
                return False, position or Position.start_of(_following(batch[0].month))
            self.proved += proved
            if len(candidates) < self.wanted:
                return True, Position.start_of(batch[-1].month)
            self.reached = position = candidates[-1]
            if len(self.proved) > self.limit:
                return True, position
            if monotonic() > self.deadline:
                return False, position
            reached = month_of(position.sent_at)
            batch = [shard for shard in batch if shard.month <= reached]
            self.wanted = min(self.wanted * 4, _MOST_AT_ONCE)

    def _found(
        self, batch: list[Shard], position: Position | None
    ) -> tuple[list[Position], list[Proved]]:
        """Some candidates, and those of them that are wanted and proved."""
        candidates = find_candidates(
            batch,
            self.scope,
            self.query,
            before=position,
            limit=self.wanted,
            seconds=left_until(self.deadline),
        )
        # What is corrected while the places of its channel are built anew may stand in both.
        proved = prove(
            list(dict.fromkeys(candidates)),
            self.scope,
            self.query,
            self.unread,
            seconds=left_until(self.deadline),
        )
        return candidates, list(islice(proved, self.limit + 1 - len(self.proved)))

    def _page(self, following: Position | None, *, partial: bool = False) -> Page:
        page = Page(hits=hits_of(self.proved), next=following, partial=partial)
        last = following and month_of(following.sent_at)
        return self.named(page, {month for month in self.outdated if not last or month >= last})

    def named(self, page: Page, renewing: set[date]) -> Page:
        """The page with the months that were not wholly searched."""
        return replace(
            page,
            unread=_newest_first(self.unread | renewing),
            renewing=_newest_first(renewing - self.unread),
        )


def _newest_first(months: set[date]) -> tuple[date, ...]:
    return tuple(sorted(months, reverse=True))


def _following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _batches(found: Sequence[Shard], scope: Scope, query: Query) -> Iterator[list[Shard]]:
    """Shards in batches of whole months, newest first; the last size repeats.

    Where the vocabulary may decide, the months in which there is nothing are left out. The newest
    is looked at by itself, since it mostly fills the page.
    """
    months = sorted({shard.month for shard in found}, reverse=True)
    taken = months[:1]
    left = list(found)
    size = 0
    while taken:
        batch = [shard for shard in left if taken[-1] <= shard.month <= taken[0]]
        if scope.reaches_all and size == 0:
            batch = holding(batch, query)
        if batch:
            yield sorted(batch, key=lambda shard: shard.month, reverse=True)
        left = [shard for shard in left if shard.month < taken[-1]]
        if scope.reaches_all and size == 0:
            left = holding(left, query)
        size += 1
        months = sorted({shard.month for shard in left}, reverse=True)
        taken = months[: _BATCHES[min(size, len(_BATCHES) - 1)]]
