"""How many texts answer a query, told by the index alone: nothing is unsealed."""

from dataclasses import dataclass
from itertools import batched
from time import monotonic
from typing import Final

from psycopg.errors import UndefinedTable

from messaging.search.analysis import FUNCTION_WORDS
from messaging.search.candidates import count_candidates, holding, shards
from messaging.search.fence import TimeIsUp, left_until
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
            their order, nor which are left out.
        partial: time was up before all months were counted: there are more.
    """

    number: int
    exact: bool
    partial: bool


def count(scope: Scope, query: Query, *, seconds: float = BUDGET_SECONDS) -> Count:
    """Count what a search in this scope would find."""
    try:
        return _count(scope, query, monotonic() + seconds)
    except UndefinedTable:
        # A month was dropped after its keys had been read; it has no keys now.
        return _count(scope, query, monotonic() + seconds)


def _count(scope: Scope, query: Query, deadline: float) -> Count:
    exact = query.has is None and _is_exact(query.tree)
    found = sorted(shards(scope, query, None, set()), key=lambda s: s.month, reverse=True)
    if scope.reaches_all:
        found = holding(found, query)
    number = 0
    for batch in batched(found, _MONTHS):
        if monotonic() > deadline:
            return Count(number=number, exact=exact, partial=True)
        try:
            number += count_candidates(batch, scope, query, seconds=left_until(deadline))
        except TimeIsUp:
            return Count(number=number, exact=exact, partial=True)
    return Count(number=number, exact=exact, partial=False)


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
