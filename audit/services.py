"""Writing the log. Every service of every app calls `record` inside its own transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import orjson
from django.db import connection, transaction
from uuid_utils.compat import uuid7

from audit.actions import BULK, FACTS, Action
from audit.canonical import Fact, plain
from audit.clock import now
from audit.entries import ItemOfAct, Line, item_leaf, leaf_of
from audit.facts import wrong_fact
from audit.models import Entry
from audit.statements import array, ask, statement_of
from audit.tree.frontier import Frontier

_RECORD: Final = statement_of(Path(__file__).parent / "sql" / "record.sql")
_KNOWN: Final = {
    action: frozenset({*names, *(("count", "root") if action in BULK else ())})
    for action, names in FACTS.items()
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """What somebody did, to what, and its facts: what an entry says beside its time."""

    action: Action
    actor: UUID | None
    subject: UUID | None
    facts: Mapping[str, Fact]


class UnknownFact(ValueError):
    """An act carries a fact that the log's vocabulary does not give it, or not of that kind."""


def record(
    action: Action, *, actor: UUID | None, subject: UUID | None = None, **facts: Fact
) -> Entry:
    """Write one entry in the caller's transaction, so that act and entry happen together."""
    _check(action, facts)
    line = _line(Act(action=action, actor=actor, subject=subject, facts=facts), now())
    return Entry.objects.create(**line.__dict__, hash=leaf_of(line))


def record_all(acts: Sequence[Act]) -> None:
    """Write one entry for each act, in their order, in one statement of the caller's
    transaction."""
    for act in acts:
        _check(act.action, act.facts)
    at = now()
    lines = [_line(act, at) for act in acts]
    values = {
        "at": at,
        "uids": array(line.uid for line in lines),
        "actions": array(line.action for line in lines),
        "actors": array(line.actor for line in lines),
        "subjects": array(line.subject for line in lines),
        "facts": array(orjson.dumps(line.facts).decode() for line in lines),
        "hashes": array(leaf_of(line) for line in lines),
    }
    ask(_RECORD, values)


def record_bulk(
    action: Action,
    *,
    actor: UUID | None,
    subject: UUID | None = None,
    items: Iterable[ItemOfAct],
    **facts: Fact,
) -> Entry:
    """Write one entry over many items: it holds their count and the root of their commitments."""
    kept = list(items)
    tree = Frontier()
    for item in kept:
        tree.append(item_leaf(item))
    entry = record(action, actor=actor, subject=subject, count=tree.size, root=tree.root(), **facts)
    _copy_items(entry, kept)
    return entry


def _check(action: Action, facts: Mapping[str, Fact]) -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An act is recorded in its own transaction.")
    if unknown := facts.keys() - _KNOWN[action]:
        raise UnknownFact(f"{action} does not carry {', '.join(sorted(unknown))}")
    if wrong := wrong_fact(facts):
        raise UnknownFact(f"{wrong} of {action} is not of its kind")


def _line(act: Act, at: datetime) -> Line:
    return Line(
        uid=uuid7(),
        at=at,
        action=str(act.action),
        actor=act.actor,
        subject=act.subject,
        facts={name: plain(value) for name, value in act.facts.items()},
    )


def _copy_items(entry: Entry, items: list[ItemOfAct]) -> None:
    columns = "entry_id, index, subject, version, commitment"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY audit_item ({columns}) FROM STDIN") as copy,
    ):
        for index, item in enumerate(items):
            copy.write_row((entry.id, index, item.subject, item.version, item.commitment))
