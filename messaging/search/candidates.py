"""Candidates: the rows whose tokens may answer a query, newest first.

PostgreSQL must not choose the plan: for a word that does not exist it would rather walk a whole
month backwards by time than ask the GIN index. So each month is a sub-select with its own ORDER
BY and LIMIT, index and sequential scans are off for this one statement, and it is never
prepared. The months stand newest first under one LIMIT and without parallel workers, so that the
executor stops in the month that fills the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final
from uuid import UUID

import psycopg
from django.db import connection, transaction
from django.db.models import Q
from psycopg.sql import SQL, Composed, Identifier

from audit.clock import month_of
from messaging.search.conditions import EVERYTHING, condition, patterns
from messaging.search.domains import opened, table_of
from messaging.search.models import IndexKey
from messaging.search.query import Has, Query
from messaging.search.scope import Position, Scope
from messaging.search.tokens import Keys
from messaging.search.tree import Pattern
from messaging.search.vocabulary import Words
from messaging.search.words import expanded, vocabularies

_FORCE: Final = SQL(
    "SET LOCAL enable_indexscan = off; SET LOCAL enable_seqscan = off;"
    " SET LOCAL max_parallel_workers_per_gather = 0"
)
_READ: Final = SQL("SET LOCAL max_parallel_workers_per_gather = 0")
_AS_BEFORE: Final = SQL(
    "SET LOCAL enable_indexscan TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT;"
    " SET LOCAL max_parallel_workers_per_gather TO DEFAULT"
)
_WITH_FILES: Final = (
    "EXISTS (SELECT FROM messaging_attachment brought WHERE brought.message_id = message)"
)
_ORDER: Final = SQL("ORDER BY sent_at DESC, message DESC, version DESC LIMIT %(limit)s")


@dataclass(frozen=True, kw_only=True)
class Shard:
    """One domain's month."""

    month: date
    domain: int
    key_id: UUID
    keys: Keys
    table: Identifier


def shards(scope: Scope, query: Query, before: Position | None) -> list[Shard]:
    """The months of domains in which a hit may stand."""
    keys = IndexKey.objects.filter(_reached(scope, query))
    if query.until is not None:
        keys = keys.filter(month__lte=month_of(query.until))
    if query.since is not None:
        keys = keys.filter(month__gte=month_of(query.since))
    columns = ("id", "domain_id", "month", "generation_id", "wrapped")
    domain = ("domain__record_class", "domain__kind")
    return [
        Shard(
            month=month,
            domain=domain_id,
            key_id=key,
            keys=opened(key, generation, bytes(wrapped)),
            table=table_of(record_class, kind, month),
        )
        for key, domain_id, month, generation, wrapped, record_class, kind in keys.values_list(
            *columns, *domain
        )
        if before is None or Position.start_of(month) < before
    ]


def _reached(scope: Scope, query: Query) -> Q:
    """The domains to ask: a sensitive channel's only where the channel itself is reached."""
    own = Q() if scope.channels is None else Q(domain__channel__in=scope.channels)
    own &= ~Q(domain__channel__in=scope.excluded)
    if query.channel is not None:
        own &= Q(domain__channel=query.channel)
    reached = Q(domain__channel=None) | own
    return reached if scope.versions else reached & Q(domain__versions=False)


def find_candidates(
    batch: Sequence[Shard],
    scope: Scope,
    query: Query,
    *,
    before: Position | None,
    limit: int,
) -> list[Position]:
    """The newest `limit` candidates of a batch of shards, which is ordered newest first."""
    expansions = _expansions(batch, query)
    conditions = [_condition(shard, query, expansions) for shard in batch]
    common = _filters(scope, query, before)
    selects = [
        (shard.month, _select(shard, where, common))
        for shard, where in zip(batch, conditions, strict=True)
    ]
    months = [_month([select for _, select in some]) for _, some in groupby(selects, _first)]
    statement = SQL("SELECT * FROM ({}) found LIMIT %(limit)s").format(
        SQL(" UNION ALL ").join(months)
    )
    forced = any(where != EVERYTHING for where in conditions)
    values = _values(scope, query, before) | {"limit": limit}
    return sorted(_fetch(statement, values, forced=forced), reverse=True)


def _first(pair: tuple[date, Composed]) -> date:
    return pair[0]


def _expansions(batch: Sequence[Shard], query: Query) -> Mapping[UUID, Sequence[Words]]:
    """The vocabularies of the batch, if the query asks them anything."""
    if not patterns(query.tree):
        return {}
    return vocabularies({shard.key_id: shard.keys for shard in batch})


def _condition(shard: Shard, query: Query, words: Mapping[UUID, Sequence[Words]]) -> str:
    def expand(pattern: Pattern) -> list[str] | None:
        rows = words.get(shard.key_id)
        return None if rows is None else expanded(rows, pattern)

    return condition(query.tree, shard.keys.tokens, expand)


def _filters(scope: Scope, query: Query, before: Position | None) -> list[SQL]:
    filters = {
        "channel = ANY (%(channels)s)": scope.channels is not None,
        "channel <> ALL (%(excluded)s)": bool(scope.excluded),
        "channel = %(channel)s": query.channel is not None,
        "author = %(author)s": query.author is not None,
        "sent_at >= %(since)s": query.since is not None,
        "sent_at < %(until)s": query.until is not None,
        _WITH_FILES: query.has in {Has.FILE, Has.IMAGE},
        "(sent_at, message, version) < (%(at)s, %(message)s, %(version)s)": before is not None,
    }
    return [SQL(text) for text, wanted in filters.items() if wanted]


def _values(scope: Scope, query: Query, before: Position | None) -> dict[str, object]:
    values: dict[str, object] = {
        "channels": list(scope.channels or ()),
        "excluded": list(scope.excluded),
        "channel": query.channel,
        "author": query.author,
        "since": query.since,
        "until": query.until,
    }
    if before is not None:
        values |= {"at": before.sent_at, "message": before.message, "version": before.version}
    return values


def _select(shard: Shard, where: str, common: list[SQL]) -> Composed:
    """One domain's month: its newest candidates."""
    own = [SQL("domain = {}").format(SQL(str(shard.domain)))]
    if where != EVERYTHING:
        own.append(SQL("({})").format(SQL(where)))
    return SQL("(SELECT sent_at, message, version FROM {} WHERE {} {})").format(
        shard.table, SQL(" AND ").join([*own, *common]), _ORDER
    )


def _month(selects: list[Composed]) -> Composed:
    """A month's domains in one order."""
    if len(selects) == 1:
        return selects[0]
    return SQL("(SELECT * FROM ({}) one {})").format(SQL(" UNION ALL ").join(selects), _ORDER)


def _fetch(statement: Composed, values: dict[str, object], *, forced: bool) -> list[Position]:
    """Run the statement past Django's cursor: values are bound by the server, once each, however
    often the statement names them, and nothing is prepared."""
    with transaction.atomic():
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            cursor.execute(_FORCE if forced else _READ)
            cursor.execute(statement, values, prepare=False)
            found = [
                Position(sent_at=sent_at, message=message, version=version)
                for sent_at, message, version in cursor
            ]
            cursor.execute(_AS_BEFORE)
    return found
