"""The database as the last word on what a crowd meant."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from schoolchat.database.embedded import EmbeddedPostgres
from tests.conformance.frames import Message
from tests.conformance.store import Store
from tests.faults.crowd import Author, Crowd, Meant


@dataclass(frozen=True, kw_only=True)
class Row:
    """A message as the database has it."""

    id: str
    seq: int
    changed: int
    deleted: bool


class Record:
    """The database of a data folder, which must be running, read past all our code."""

    def __init__(self, folder: Path) -> None:
        self._conninfo = EmbeddedPostgres(folder).superuser_conninfo("schoolchat")

    def heads(self) -> dict[str, int]:
        """The position of each channel."""
        return dict(self._ask("SELECT id::text, head FROM messaging_channel"))

    def by_ref(self) -> dict[str, list[Row]]:
        """The messages that have a `ref`; a list of more than one is a fault."""
        found: dict[str, list[Row]] = {}
        for ref, *row in self._ask(
            "SELECT ref::text, id::text, seq, changed, deleted_at IS NOT NULL"
            " FROM messaging_message WHERE ref IS NOT NULL"
        ):
            found.setdefault(ref, []).append(
                Row(id=row[0], seq=row[1], changed=row[2], deleted=row[3])
            )
        return found

    def _ask(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._conninfo) as connection:
            return connection.execute(question).fetchall()


def check(crowd: Crowd, record: Record) -> None:
    """Every message that was answered stands once, in its latest state, in the database and in
    everybody's store."""
    found = record.by_ref()
    meant = {
        ref: one
        for author in crowd.members
        if isinstance(author, Author)
        for ref, one in author.meant.items()
    }
    assert {ref for ref in meant if len(found.get(ref, [])) != 1} == set()
    assert {ref for ref, one in meant.items() if one.id != found[ref][0].id} == set()
    for member in crowd.members:
        held = _by_ref(member.store)
        wrong = [
            (ref, one, found[ref], held.get(ref))
            for ref, one in meant.items()
            if not _is_so(one, found[ref][0], held.get(ref))
        ]
        assert wrong == []


def _by_ref(store: Store) -> dict[str, Message]:
    """What a client holds; `Store` has seen to it that no `seq` is there twice."""
    messages = [one for held in store.channels.values() for one in held.messages.values()]
    refs = Counter(one["ref"] for one in messages if one["ref"])
    assert set(refs.values()) <= {1}
    return {one["ref"]: one for one in messages if one["ref"]}


def _is_so(meant: Meant, row: Row, held: Message | None) -> bool:
    return held is not None and (held["id"], held["seq"], held["changed"], held["body"]) == (
        row.id,
        row.seq,
        row.changed,
        meant.body,
    )
