"""How many texts answer a query, told by the index alone: nothing is unsealed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import batched
from time import monotonic
from typing import Final

from psycopg.errors import UndefinedTable

from messaging.search.analysis import FUNCTION_WORDS
from messaging.search.candidates import Shard, count_candidates, holding, shards
from messaging.search.changed import changed, standing
from messaging.search.conditions import patterns
from messaging.search.fence import TimeIsUp, left_until, until
from messaging.search.query import All, Has, Node, Query, Some, Words
from messaging.search.scope import Scope
from messaging.search.welsh import kin

BUDGET_SECONDS: Final = 2.0
_MONTHS: Final = 12
"""Months a statement."""
_READ: Final = {Has.LINK, Has.IMAGE}
"""What the index knows nothing of."""


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


UNTOLD: Final = Count(number=0, exact=False, partial=False)
"""Of what the index cannot tell a number, or not everybody."""


def count(
    scope: Scope, query: Query, *, as_of: datetime | None = None, seconds: float = BUDGET_SECONDS
) -> Count:
    """Count what a search in this scope would find, of the versions written by `as_of` if given.

    As a search does, it counts once more where a month was indexed anew, or dropped, meanwhile.
    What is asked of the vocabularies is not counted for who does not reach every channel: a word
    of somebody else's channel may have the stem of one of theirs, and its number would say so.
    """
    if query.has in _READ or (patterns(query.tree) and not scope.reaches_all):
        return UNTOLD
    counted = Count(number=0, exact=False, partial=True)
    for again in (False, True):
        try:
            counted, sure = _counted(scope, query, as_of, monotonic() + seconds, again=again)
        except UndefinedTable:
            continue
        if sure:
            return counted
    return replace(counted, exact=False, partial=True)


def _counted(
    scope: Scope, query: Query, as_of: datetime | None, deadline: float, *, again: bool
) -> tuple[Count, bool]:
    """The number, and whether no month changed while it was counted; counted `again`, the tables
    of the months are looked for."""
    unread: set[date] = set()
    try:
        with until(deadline):
            found = shards(scope, query, None, unread)
            found = standing(found, unread) if again else found
            counted, sure = _of(found, scope, query, as_of, deadline)
    except TimeIsUp:
        return Count(number=0, exact=False, partial=True), True
    return (replace(counted, exact=False) if unread else counted), sure


def _of(
    found: Sequence[Shard],
    scope: Scope,
    query: Query,
    as_of: datetime | None,
    deadline: float,
) -> tuple[Count, bool]:
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
            seconds = left_until(deadline)
            counted = count_candidates(batch, scope, query, as_of=as_of, seconds=seconds)
            if counted is None:
                return UNTOLD, True
            number += counted
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
