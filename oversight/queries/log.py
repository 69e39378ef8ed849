"""The log as somebody sees it: pages newest first, single entries, and extracts to take away.

docs/explanation/who-reads-the-log.md says which index answers which question.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from audit.models import Entry, Leaf, Unsealed
from audit.origins import next_leaf
from oversight.errors import EntryNotFound
from oversight.queries.access import check_may_enter, own_acts, secret_from, seen_by, sees_names
from oversight.queries.filters import Wanted, any_of, narrowings, span_of
from oversight.queries.rows import Row, rows_of

ENTRIES_A_PAGE: Final = 50
_ENTRIES_A_PIECE: Final = 1_000


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page: its rows, and the id to go on before, or None at the end."""

    rows: list[Row]
    more: int | None


@dataclass(frozen=True, kw_only=True)
class Visible:
    """The entries `within` that meet any of the conditions, for a viewer with or without names.

    Every condition is asked by itself, since each has an index of its own, and the answers are
    merged: with OR the database would walk back through the log until it had found enough.
    """

    viewer: User
    within: QuerySet[Entry]
    conditions: list[Q]
    named: bool

    def page(self, before: int | None) -> Found:
        """The newest, or those before an id."""
        older = Q(id__lt=before) if before is not None else Q()
        found = self._merged(older, "-id", ENTRIES_A_PAGE + 1)
        shown = found[:ENTRIES_A_PAGE]
        more = shown[-1].id if len(found) > len(shown) else None
        return Found(rows=self._rows(shown), more=more)

    def row(self, entry_id: int) -> Row:
        """One of them, or EntryNotFound."""
        found = self._merged(Q(id=entry_id), "id", 1)
        if not found:
            raise EntryNotFound
        return self._rows(found)[0]

    def sealed(self, size: int) -> "Visible":
        """Those among the first `size` leaves, which no later act changes: they neither wait for a
        leaf nor have a later one. (To join all leaves would take seconds.)"""
        waiting = Unsealed.objects.filter(entry=OuterRef("pk"))
        later = Leaf.objects.filter(entry=OuterRef("pk"), number__gte=size)
        return replace(self, within=self.within.exclude(Exists(waiting)).exclude(Exists(later)))

    def count(self) -> int:
        """How many they are."""
        return self.within.filter(any_of(self.conditions)).count()

    def rows(self) -> Iterator[Row]:
        """All of them, oldest first, in pieces between which nothing stays open."""
        after = 0
        while some := self._merged(Q(id__gt=after), "id", _ENTRIES_A_PIECE):
            yield from self._rows(some)
            after = some[-1].id

    def _merged(self, span: Q, order: str, most: int) -> list[Entry]:
        """The first in this order, `id` or `-id`, of all that meet a condition."""
        within = self.within.filter(span).order_by(order)
        found = {
            entry.id: entry for each in self.conditions for entry in within.filter(each)[:most]
        }
        ids = sorted(found, reverse=order.startswith("-"))
        return [found[number] for number in ids[:most]]

    def _rows(self, entries: list[Entry]) -> list[Row]:
        return list(rows_of(entries, viewer=self.viewer, named=self.named))


@dataclass(frozen=True, kw_only=True)
class Extract:
    """What is taken away as a file: what is seen of the `size` entries that were sealed when it
    was asked for, so that `count` stays true however long the file takes."""

    size: int
    count: int
    entries: Visible


def visible_to(viewer: User, wanted: Wanted | None = None) -> Visible:
    """What somebody sees of the log; NotAReader for whoever sees but their own acts."""
    check_may_enter(viewer)
    return _visible(viewer, seen_by(viewer), wanted or Wanted(), named=sees_names(viewer))


def own_acts_of(viewer: User, wanted: Wanted | None = None) -> Visible:
    """One's own acts. Everybody has them, and knows to whom they were done."""
    return _visible(viewer, [own_acts(viewer)], wanted or Wanted(), named=True)


def extract_of(entries: Visible) -> Extract:
    """The entries as a file: without what is not sealed yet, a second's worth."""
    size = next_leaf()
    sealed = entries.sealed(size)
    return Extract(size=size, count=sealed.count(), entries=sealed)


def _visible(viewer: User, seen: list[Q], wanted: Wanted, *, named: bool) -> Visible:
    filters = narrowings(wanted)
    if filters and not all(seen):  # who sees everything is led by the narrowest filter
        seen, *filters = filters
    within = Entry.objects.exclude(secret_from(viewer)).filter(span_of(wanted))
    for each in filters:
        within = within.filter(any_of(each))
    return Visible(
        viewer=viewer, within=within.select_related("leaf"), conditions=seen, named=named
    )
