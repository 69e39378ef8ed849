"""Writing the log. Every service of every app calls `record` inside its own transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection, transaction
from uuid_utils.compat import uuid7

from audit.actions import BULK, FACTS, Action
from audit.canonical import Fact, plain
from audit.clock import now
from audit.entries import ItemOfAct, item_leaf, leaf_of_plain
from audit.facts import wrong_fact
from audit.models import Entry
from audit.statements import array, ask, statement_of
from audit.tree.frontier import root_of
from audit.tree.hashes import HASH_BYTES

_SQL: Final = Path(__file__).parent / "sql"
_RECORD: Final = statement_of(_SQL / "record.sql")
_LEAVES: Final = statement_of(_SQL / "leaves_of_items.sql")
_ITEMS: Final = statement_of(_SQL / "items.sql")
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """The items of a bulk act that the database has put together, in their order: what `ItemOfAct`
    says of each, as lists that PostgreSQL wrote (`array[...]::text`)."""

    subjects: str
    versions: str
    commitments: str


class UnknownFact(ValueError):
    """An act carries a fact that the log's vocabulary does not give it, or not of that kind."""


def record(
    action: Action, *, actor: UUID | None, subject: UUID | None = None, **facts: Fact
) -> Entry:
    """Write one entry in the caller's transaction, so that act and entry happen together."""
    _check(action, facts)
    document = _document(Act(action=action, actor=actor, subject=subject, facts=facts), now())
    leaf = leaf_of_plain(document)
    return Entry.objects.create(uid=document.pop("id"), **document, hash=leaf)


def record_all(acts: Sequence[Act]) -> None:
    """Write one entry for each act, in their order, in one statement of the caller's
    transaction."""
    for act in acts:
        _check(act.action, act.facts)
    at = now()
    documents = [_document(act, at) for act in acts]
    values = {
        "at": at,
        "uids": array(document["id"] for document in documents),
        "actions": array(document["action"] for document in documents),
        "actors": array(document["actor"] for document in documents),
        "subjects": array(document["subject"] for document in documents),
        "facts": array(orjson.dumps(document["facts"]).decode() for document in documents),
        "hashes": array(leaf_of_plain(document) for document in documents),
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
    root = root_of(map(item_leaf, kept))
    entry = record(action, actor=actor, subject=subject, count=len(kept), root=root, **facts)
    _copy_items(entry, kept)
    return entry


def record_listed(
    action: Action,
    *,
    actor: UUID | None,
    subject: UUID | None = None,
    items: Listed,
    **facts: Fact,
) -> Entry:
    """The same entry as of `record_bulk`, over items that need not come out of the database."""
    values = {
        "subjects": items.subjects,
        "versions": items.versions,
        "commitments": items.commitments,
    }
    ((leaves,),) = ask(_LEAVES, values)
    each = [leaves[at : at + HASH_BYTES] for at in range(0, len(leaves), HASH_BYTES)]
    root = root_of(each)
    entry = record(action, actor=actor, subject=subject, count=len(each), root=root, **facts)
    ask(_ITEMS, {**values, "entry": entry.id})
    return entry


def _check(action: Action, facts: Mapping[str, Fact]) -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An act is recorded in its own transaction.")
    if unknown := facts.keys() - _KNOWN[action]:
        raise UnknownFact(f"{action} does not carry {', '.join(sorted(unknown))}")
    if wrong := wrong_fact(facts):
        raise UnknownFact(f"{wrong} of {action} is not of its kind")


def _document(act: Act, at: datetime) -> dict[str, Any]:
    """What is hashed of the act's entry (`audit.entries.document_of`); its facts are plain."""
    return {
        "id": uuid7(),
        "at": at,
        "action": act.action.value,
        "actor": act.actor,
        "subject": act.subject,
        "facts": {name: plain(value) for name, value in act.facts.items()},
    }


def _copy_items(entry: Entry, items: list[ItemOfAct]) -> None:
    columns = "entry_id, index, subject, version, commitment"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY audit_item ({columns}) FROM STDIN") as copy,
    ):
        for index, item in enumerate(items):
            copy.write_row((entry.id, index, item.subject, item.version, item.commitment))
