"""Writing the log. Every service of every app calls `record` inside its own transaction."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from audit.actions import BULK, FACTS, Action
from audit.canonical import Fact, plain
from audit.clock import now
from audit.entries import ItemOfAct, Line, item_leaf, leaf_of
from audit.models import Entry
from audit.tree import Frontier


class UnknownFact(ValueError):
    """An act carries a fact that the log's vocabulary does not give it."""


def record(
    action: Action, *, actor: UUID | None, subject: UUID | None = None, **facts: Fact
) -> Entry:
    """Write one entry in the caller's transaction, so that act and entry happen together."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An act is recorded in its own transaction.")
    if unknown := set(facts) - {
        *FACTS[action],
        *(("count", "root") if action in BULK else ()),
    }:
        raise UnknownFact(f"{action} does not carry {', '.join(sorted(unknown))}")
    return Entry.objects.create(**_entry(action, actor, subject, facts))


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


def _entry(
    action: Action, actor: UUID | None, subject: UUID | None, facts: dict[str, Fact]
) -> dict[str, object]:
    line = Line(
        uid=uuid7(),
        at=now(),
        action=str(action),
        actor=actor,
        subject=subject,
        facts={name: plain(value) for name, value in facts.items()},
    )
    return {**line.__dict__, "hash": leaf_of(line)}


def _copy_items(entry: Entry, items: list[ItemOfAct]) -> None:
    columns = "entry_id, index, subject, version, commitment"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY audit_item ({columns}) FROM STDIN") as copy,
    ):
        for index, item in enumerate(items):
            copy.write_row((entry.id, index, item.subject, item.version, item.commitment))
