"""Messages as one statement reads them for showing: with the author's name, and with the present
version's sealed body and the key to it. Each statement is a .sql file with `{row}` and `{sealed}`
where this text comes in; `x` is the message.
"""

from datetime import datetime
from pathlib import Path
from typing import Final, LiteralString, NamedTuple
from uuid import UUID

from audit.statements import statement_of

# A subquery and a LIMIT rather than joins: joins are planned by what the statistics say, and one
# day that would be a plan that reads every account or every key to show one message.
_ROW: Final = """
    x.id, x.channel_id, x.author_id,
    (SELECT author.display_name FROM accounts_user author WHERE author.id = x.author_id),
    x.seq, x.changed, x.ref, x.sent_at, x.kind, x.reply_to, x.version, x.edited_at, x.deleted_at,
    v.sealed, v.key, v.generation, v.wrapped
"""
_SEALED: Final = """
    LEFT JOIN LATERAL (
        SELECT y.sealed, k.id AS key, k.generation, k.wrapped
        FROM messaging_messageversion y JOIN messaging_contentkey k ON k.id = y.key_id
        WHERE y.message_id = x.id AND y.number = x.version AND x.deleted_at IS NULL
        LIMIT 1) v ON true
"""


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


def statement_of_rows(path: Path) -> LiteralString:
    """A .sql file whose `{row}` are the columns of a Row and whose `{sealed}` reads the last
    four of them."""
    return statement_of(path).replace("{row}", _ROW).replace("{sealed}", _SEALED)
