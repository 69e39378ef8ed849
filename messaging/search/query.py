"""What a person types, as a tree with the filters beside it.

    maths trip              both words, in any form English gives them (trip, trips)
    "school trip"           these words, as written, in a row
    plan*                   any word that begins so
    *lan*  *son             any word that holds this, or ends so
    ~kathryn  ~"jon smyth"  words that are one letter off or sound alike, too
    trip OR outing          either
    trip -swimming          without; also NOT swimming
    (trip OR outing) maths  brackets

A word that is several (j.smith@school.uk, 12/05/2026, well-being) is its parts in a row. What
cannot be read, `errors` says.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from messaging.search.errors import NothingAsked, QueryError, SearchTooLong
from messaging.search.grammar import MAX_WORDS, read
from messaging.search.tree import All, Node, Some, Unit, Without, Words

__all__ = [
    "MAX_CHARS",
    "MAX_WORDS",
    "All",
    "Has",
    "Is",
    "Node",
    "Query",
    "QueryError",
    "Some",
    "Unit",
    "Without",
    "Words",
    "parse",
]

MAX_CHARS: Final = 500


class Has(StrEnum):
    """What a message has besides its words."""

    LINK = "link"
    FILE = "file"
    IMAGE = "image"


class Is(StrEnum):
    """What became of a message, or where it came from."""

    EDITED = "edited"
    DELETED = "deleted"
    IMPORTED = "imported"


@dataclass(frozen=True, kw_only=True)
class Query:
    """A search: the tree and the filters beside it. `since` is included, `until` is not.

    `state` is asked of the message, whichever of its versions the words stand in.
    """

    tree: Node
    channel: UUID | None = None
    author: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    has: Has | None = None
    state: Is | None = None


def parse(
    text: str,
    *,
    channel: UUID | None = None,
    author: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    has: Has | None = None,
    state: Is | None = None,
) -> Query:
    """Read a search. Raises QueryError.

    Without words everything matches, which is allowed where a channel, an author, or what the
    message has or is, is named.
    """
    if len(text) > MAX_CHARS:
        raise SearchTooLong(MAX_CHARS + 1, most=MAX_CHARS)
    tree = read(text)
    if tree is None:
        if (channel, author, has, state) == (None, None, None, None):
            raise NothingAsked(1)
        tree = All(())
    return Query(
        tree=tree, channel=channel, author=author, since=since, until=until, has=has, state=state
    )
