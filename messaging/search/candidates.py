"""Candidates: the rows whose tokens may answer a query, newest first.

PostgreSQL must not choose the plan: for a word that does not exist it would rather walk a whole
month backwards by time than ask the GIN index. So each month is a sub-select with its own ORDER
BY and LIMIT, index and sequential scans are off for this one statement, and it is never
prepared (`messaging.search.fence`). The months stand newest first under one LIMIT and without
parallel workers, so that the executor stops in the month that fills the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import groupby, starmap
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from audit.clock import month_of
from audit.keyring import KeyringError
from audit.statements import array, statement_of
from messaging.search.analysis import ANALYSER, WITH_PAIRS
from messaging.search.conditions import EVERYTHING, Where, condition, narrowed, patterns
from messaging.search.domains import opened, table_of
from messaging.search.fence import fetch, look_up
from messaging.search.presence import may_hold
from messaging.search.query import Has, Is, Query
from messaging.search.scope import Position, Scope
from messaging.search.tokens import Keys
from messaging.search.tree import All, Pattern
from messaging.search.vocabulary import Words
from messaging.search.words import expanded, vocabularies, words_of

_SHARDS: Final = statement_of(Path(__file__).parent / "sql" / "shards.sql")
_NAMES_KEPT: Final = 4_096
_WITH_FILES: Final = (
    "EXISTS (SELECT FROM messaging_attachment brought WHERE brought.message_id = message)"
)
_WHOSE: Final = "EXISTS (SELECT FROM messaging_message told WHERE told.id = message AND {})"
_STATES: Final = {
    Is.EDITED: _WHOSE.format("told.version > 1"),
    Is.DELETED: _WHOSE.format("told.deleted_at IS NOT NULL"),
    Is.IMPORTED: _WHOSE.format("told.kind = 'imported'"),
}
# Not EXISTS, which might become a join with all versions that there are.
_WRITTEN: Final = (
    "(SELECT written.written_at <= %(as_of)s FROM messaging_messageversion written"
    " WHERE written.message_id = message AND written.number = version)"
)
_ORDER: Final = "ORDER BY sent_at DESC, message DESC, version DESC LIMIT %(limit)s"


class _Row(NamedTuple):
    """A row of sql/shards.sql; without a key all that belongs to one is None, too."""

    key: UUID | None
    domain: int
    month: date
    generation: int
    wrapped: bytes
    analyser: int
    record_class: str
    kind: str
    words: Sequence[UUID] | None


@dataclass(frozen=True, kw_only=True)
class Shard:
    """One domain's month."""

    month: date
    domain: int
    key_id: UUID
    keys: Keys
    table: str
    """Its table's name in SQL."""
    by_pairs: bool
    """Whether its rows have pairs, and tokens of channel and author."""
    current: bool
    """Whether its words were made as those of a query are; else some are not found in it."""
    words: Sequence[UUID] | None
    """The rows of its vocabulary, where the scope reaches all channels."""
    known: dict[Pattern, list[str] | None] = field(default_factory=dict, compare=False)
    """What patterns stand for in it, as far as this search has asked."""

    def expanded(self, rows: Sequence[Words], pattern: Pattern) -> list[str] | None:
        """The words of its vocabulary's rows that resemble a pattern; None for too many."""
        if pattern not in self.known:
            self.known[pattern] = expanded(rows, pattern)
        return self.known[pattern]


def shards(scope: Scope, query: Query, before: Position | None, unread: set[date]) -> list[Shard]:
    """The months of domains in which a hit may stand. The month of a key that does not open, or is
    lost, is put into `unread`."""
    last = min(
        (month_of(at) for at in (query.until, before and before.sent_at) if at), default=None
    )
    values = {
        "channels": None if scope.channels is None else array(scope.channels),
        "excluded": array(scope.excluded),
        "channel": query.channel,
        "versions": scope.versions,
        "first": None if query.since is None else month_of(query.since),
        "last": last,
        "words": scope.reaches_all,
    }
    found = []
    for row in starmap(_Row, look_up(_SHARDS, values)):
        if before is not None and Position.start_of(row.month) >= before:
            continue
        try:
            if row.key is None:
                unread.add(row.month)
            else:
                found.append(_shard(row, row.key))
        except KeyringError:
            unread.add(row.month)
    return found


def _shard(row: _Row, key: UUID) -> Shard:
    return Shard(
        month=row.month,
        domain=row.domain,
        key_id=key,
        keys=opened(key, row.generation, row.wrapped),
        table=_name_of(row.record_class, row.kind, row.month),
        words=row.words,
        by_pairs=row.analyser >= WITH_PAIRS,
        current=row.analyser == ANALYSER,
    )


@lru_cache(_NAMES_KEPT)
def _name_of(record_class: str, kind: str, month: date) -> str:
    return table_of(record_class, kind, month).as_string()


def holding(found: Sequence[Shard], query: Query) -> list[Shard]:
    """Those of the shards that can hold a hit by what their vocabularies say. Only for a scope
    that reaches all channels."""
    known = words_of(
        {shard.key_id: shard.words or () for shard in found},
        {shard.key_id: shard.keys for shard in found},
    )
    return [shard for shard in found if _may_hold(shard, query, known.get(shard.key_id, ()))]


def _may_hold(shard: Shard, query: Query, rows: Sequence[Words]) -> bool:
    """Without any row of it nothing is known."""
    return not rows or may_hold(query.tree, rows, partial(shard.expanded, rows))


def find_candidates(
    batch: Sequence[Shard],
    scope: Scope,
    query: Query,
    *,
    before: Position | None,
    limit: int,
    seconds: float,
) -> list[Position]:
    """The newest `limit` candidates of a batch of shards, which is ordered newest first; raises
    TimeIsUp after so many seconds."""
    conditions = _conditions(batch, query)
    common = _filters(scope, query, before)
    selects = [
        (shard.month, _select(shard, where, common))
        for shard, where in zip(batch, conditions, strict=True)
    ]
    months = [_month([select for _, select in some]) for _, some in groupby(selects, _first)]
    found = " UNION ALL ".join(months)
    statement = f"SELECT * FROM ({found}) found LIMIT %(limit)s"  # noqa: S608  (`_where`)
    forced = any(where.indexed for where in conditions)
    values = _values(scope, query, before) | {"limit": limit}
    rows = fetch(statement, values, forced=forced, seconds=seconds)
    return sorted((Position(sent_at=at, message=m, version=v) for at, m, v in rows), reverse=True)


def count_candidates(
    batch: Sequence[Shard],
    scope: Scope,
    query: Query,
    *,
    as_of: datetime | None = None,
    seconds: float,
) -> int | None:
    """How many candidates there are in a batch of shards, of the versions written by `as_of` if
    given; None where words are asked for by which the tokens of some month tell no row from
    another. Raises TimeIsUp after so many seconds."""
    conditions = _conditions(batch, query)
    if query.tree != All(()) and not all(where.indexed for where in conditions):
        return None
    common = _filters(scope, query, None) + ("" if as_of is None else f" AND {_WRITTEN}")
    wheres = [
        (shard.table, _where(shard, where, common))
        for shard, where in zip(batch, conditions, strict=True)
    ]
    counts = " UNION ALL ".join(
        f"(SELECT count(*) AS n FROM {table} WHERE {where})"  # noqa: S608  (`_where`)
        for table, where in wheres
    )
    statement = f"SELECT coalesce(sum(n), 0)::bigint FROM ({counts}) counted"  # noqa: S608  (`_where`)
    forced = any(where.indexed for where in conditions)
    values = _values(scope, query, None) | {"as_of": as_of}
    ((count,),) = fetch(statement, values, forced=forced, seconds=seconds)
    return int(count)


def _first(pair: tuple[date, str]) -> date:
    return pair[0]


def _expansions(batch: Sequence[Shard], query: Query) -> Mapping[UUID, Sequence[Words]]:
    """The vocabularies of the batch, if the query asks them anything."""
    if not patterns(query.tree):
        return {}
    return vocabularies({shard.key_id: shard.keys for shard in batch})


def _conditions(batch: Sequence[Shard], query: Query) -> list[Where]:
    expansions = _expansions(batch, query)
    return [_condition(shard, query, expansions) for shard in batch]


def _condition(shard: Shard, query: Query, words: Mapping[UUID, Sequence[Words]]) -> Where:
    def expand(pattern: Pattern) -> list[str] | None:
        rows = words.get(shard.key_id)
        # Without any row nothing is known: rows may be lost, and the texts are read instead.
        return shard.expanded(rows, pattern) if rows else None

    where = condition(query.tree, shard.keys, expand, pairs=shard.by_pairs)
    if not shard.by_pairs:
        return where
    return narrowed(where, shard.keys, query.channel, query.author)


def _filters(scope: Scope, query: Query, before: Position | None) -> str:
    filters = {
        "channel = ANY (%(channels)s)": scope.channels is not None,
        "channel <> ALL (%(excluded)s)": bool(scope.excluded),
        "channel = %(channel)s": query.channel is not None,
        "author = %(author)s": query.author is not None,
        "sent_at >= %(since)s": query.since is not None,
        "sent_at < %(until)s": query.until is not None,
        _WITH_FILES: query.has in {Has.FILE, Has.IMAGE},
        **{told: query.state is state for state, told in _STATES.items()},
        "(sent_at, message, version) < (%(at)s, %(message)s, %(version)s)": before is not None,
    }
    return "".join(f" AND {text}" for text, wanted in filters.items() if wanted)


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


def _select(shard: Shard, where: Where, common: str) -> str:
    """One domain's month: its newest candidates."""
    found = f"{shard.table} WHERE {_where(shard, where, common)} {_ORDER}"
    return f"(SELECT sent_at, message, version FROM {found})"  # noqa: S608  (`_where`)


def _where(shard: Shard, where: Where, common: str) -> str:
    """Numbers, names of our own and parameters: nothing that anybody typed."""
    own = "" if where == EVERYTHING else f" AND ({where.sql})"
    return f"domain = {shard.domain:d}{own}{common}"


def _month(selects: list[str]) -> str:
    """A month's domains in one order."""
    if len(selects) == 1:
        return selects[0]
    return f"(SELECT * FROM ({' UNION ALL '.join(selects)}) one {_ORDER})"  # noqa: S608  (`_where`)
