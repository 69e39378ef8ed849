"""Messages as one statement reads them for showing: with the author's name, with the present
version's sealed body and the key to it, with the reactions that it has, whether it is pinned
and its corrections.
Each statement is a .sql file with `{row}` and `{sealed}` where this text comes in; `x` is the
message.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, LiteralString, NamedTuple
from uuid import UUID

from audit.statements import array, ask, statement_of

# What is shown around a message's words; of a deleted one nothing is.
_AROUND: Final = """
    r.reactions,
    x.deleted_at IS NULL AND EXISTS (SELECT FROM messaging_pin p WHERE p.message_id = x.id),
    (SELECT json_agg(json_build_object(
        'number', n.number, 'author', n.written_by_id, 'at', n.written_at, 'reason', n.reason,
        'name', (SELECT w.display_name FROM accounts_user w WHERE w.id = n.written_by_id),
        'sealed', encode(n.sealed, 'base64'), 'key', k.id, 'generation', k.generation,
        'wrapped', encode(k.wrapped, 'base64')) ORDER BY n.number)
     FROM messaging_correction n
     LEFT JOIN LATERAL (
        SELECT y.id, y.generation, y.wrapped FROM messaging_contentkey y
        WHERE y.id = n.key_id LIMIT 1) k ON true
     WHERE n.message_id = x.id AND x.deleted_at IS NULL)
"""
_REACTIONS: Final = """
    LEFT JOIN LATERAL (
        SELECT json_agg(json_build_object('emoji', e.emoji, 'count', e.count, 'users', e.users)
                        ORDER BY e.first) AS reactions
        FROM (SELECT g.emoji, count(*) AS count, array_agg(g.person_id ORDER BY g.id) AS users,
                     min(g.id) AS first
              FROM messaging_reaction g
              WHERE g.message_id = x.id AND x.deleted_at IS NULL
              GROUP BY g.emoji) e
        ) r ON true
"""
# A subquery and a LIMIT rather than joins: joins are planned by what the statistics say, and one
# day that would be a plan that reads every account or every key to show one message.
_ROW: Final = """
    x.id, x.channel_id, x.author_id,
    (SELECT author.display_name FROM accounts_user author WHERE author.id = x.author_id),
    x.seq, x.changed, x.ref, x.sent_at, x.kind, x.reply_to, x.version, x.edited_at, x.deleted_at,
    v.sealed, v.key, v.generation, v.wrapped, {around}
"""
_SEALED: Final = """
    LEFT JOIN LATERAL (
        SELECT y.sealed, k.id AS key, k.generation, k.wrapped
        FROM messaging_messageversion y JOIN messaging_contentkey k ON k.id = y.key_id
        WHERE y.message_id = x.id AND y.number = x.version AND x.deleted_at IS NULL
        LIMIT 1) v ON true
    {reactions}
"""
type Reactions = Sequence[dict[str, Any]]
type Corrections = Sequence[dict[str, Any]]


class Around(NamedTuple):
    """What is shown around a message's words: its reactions as the protocol has them, in the order
    of each emoji's first use, whether it is pinned, and its corrections, sealed
    (`messaging.vault.notes.readable_corrections`)."""

    reactions: Reactions = ()
    pinned: bool = False
    corrections: Corrections = ()


class Row(NamedTuple):
    """A message in a row. `sealed` is None when it was deleted or its body disposed of; the key's
    fields then hold nothing either."""

    id: UUID
    channel_id: UUID
    author_id: UUID | None
    author_name: str | None
    seq: int
    changed: int
    ref: UUID | None
    sent_at: datetime
    kind: str
    reply_to: UUID | None
    version: int
    edited_at: datetime | None
    deleted_at: datetime | None
    sealed: bytes | None
    key: int
    generation: int
    wrapped: bytes
    reactions: Reactions | None
    pinned: bool
    corrections: Corrections | None

    @property
    def around(self) -> Around:
        """What is shown around its words."""
        return Around(self.reactions or (), self.pinned, self.corrections or ())


def statement_of_rows(path: Path) -> LiteralString:
    """A .sql file whose `{row}` are the columns of a Row and whose `{sealed}`, after the message
    `x`, reads what is not in its own row."""
    statement = statement_of(path).replace("{row}", _ROW).replace("{sealed}", _SEALED)
    return statement.replace("{around}", _AROUND).replace("{reactions}", _REACTIONS)


_AROUND_SOME: Final = statement_of_rows(Path(__file__).parent / "sql" / "around.sql")


def around(messages: Sequence[UUID]) -> dict[UUID, Around]:
    """What is shown around each of these messages, in one query."""
    answers = ask(_AROUND_SOME, {"ids": array(messages)}) if messages else []
    return {
        message: Around(found or (), pinned, notes or ())
        for message, found, pinned, notes in answers
    }
