"""How many texts answer a query, told by the index alone: nothing is unsealed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import batched
from time import monotonic
from typing import Final

from psycopg.errors import UndefinedTable

from messaging.search.analysis import FUNCTION_WORDS
from messaging.search.candidates import Shard, count_candidates, holding, shards
from messaging.search.changed import changed, standing
from messaging.search.fence import TimeIsUp, left_until, until
from messaging.search.query import All, Node, Query, Some, Words
from messaging.search.scope import Scope
from messaging.search.welsh import kin

BUDGET_SECONDS: Final = 2.0
_MONTHS: Final = 12
"""Months a statement."""


@dataclass(frozen=True, kw_only=True)
class Count:
    """A number of texts.

    Attributes:
        number: as the index has it.
        exact: every one of them answers. Else only some may, since the index knows words, not
            their order, nor which are left out; or a month could not be counted, or
            not wholly.
        partial: time was up before all months were counted, or some were indexed anew each time
            they were counted: there are more.
    """

    number: int
    exact: bool
    partial: bool


def count(scope: Scope, query: Query, *, seconds: float = BUDGET_SECONDS) -> Count:
    """Count what a search in this scope would find.

    As a search does, it counts once more where a month was indexed anew, or dropped, meanwhile.
    """
    try:
        counted, sure = _counted(scope, query, monotonic() + seconds)
    except UndefinedTable:
        sure = False
    if not sure:
        counted, sure = _counted(scope, query, monotonic() + seconds, again=True)
    return counted if sure else replace(counted, exact=False, partial=True)


def _counted(
    scope: Scope, query: Query, deadline: float, *, again: bool = False
) -> tuple[Count, bool]:
    """The number, and whether no month changed while it was counted; counted `again`, the tables
    of the months are looked for."""
    unread: set[date] = set()
    try:
        with until(deadline):
            found = shards(scope, query, None, unread)
            found = standing(found, unread) if again else found
            counted, sure = _of(found, scope, query, deadline)
    except TimeIsUp:
        return Count(number=0, exact=False, partial=True), True
    return (replace(counted, exact=False) if unread else counted), sure


def _of(found: Sequence[Shard], scope: Scope, query: Query, deadline: float) -> tuple[Count, bool]:
    """The same of some shards."""
    exact = query.has is None and _is_exact(query.tree) and all(shard.current for shard in found)
    found = sorted(found, key=lambda shard: shard.month, reverse=True)
    if scope.reaches_all:
        found = holding(found, query)
    number = 0
    try:
        for batch in batched(found, _MONTHS):
            if monotonic() > deadline:
                return Count(number=number, exact=exact, partial=True), True
            number += count_candidates(batch, scope, query, seconds=left_until(deadline))
        sure = not changed(found)
    except TimeIsUp:
        return Count(number=number, exact=exact, partial=True), True
    return Count(number=number, exact=exact, partial=False), sure


def _is_exact(node: Node) -> bool:
    """Whether the index decides: single words by their stems, and `and` and `or` of them."""
    match node:
        case Words(units=(((form,),),)):
            plain = node == Words(units=node.units) and form not in FUNCTION_WORDS
            # A Welsh word stands for its forms, one of which may have the stem of an English word.
            return plain and not kin(form)
        case All(nodes) if nodes:
            return all(_is_exact(each) for each in nodes)
        case Some(nodes):
            return all(_is_exact(each) for each in nodes)
        case _:
            return False
