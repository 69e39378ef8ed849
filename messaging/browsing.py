"""The channels there are, as one person may know of them: what each is for, and who is in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from accounts.models import User
from audit.statements import ask, statement_of
from messaging.models import Channel

_SQL: Final = Path(__file__).parent / "sql"
_BROWSED: Final = statement_of(_SQL / "browsed.sql")
#: Names that stand under a channel before the rest are counted.
NAMED: Final = 3


@dataclass(frozen=True, kw_only=True)
class Browsed:
    """A channel in the list of channels.

    Attributes:
        mine: the person is in it; if not, they could join it.
        members: how many are in it.
        owners: names of those who run it, at most NAMED.
    """

    id: UUID
    name: str
    kind: Channel.Kind
    purpose: str
    archived: bool
    mine: bool
    members: int
    owners: tuple[str, ...]

    def answers(self, words: str) -> bool:
        """Whether each of these words stands in its name, purpose or among its owners."""
        text = " ".join([self.name, self.purpose, *self.owners]).casefold()
        return all(word in text for word in words.casefold().split())


def browsed_by(person: User) -> list[Browsed]:
    """The channels that the person is in, direct ones left out, and the open ones that they could
    join, by name."""
    rows = ask(_BROWSED, {"person": person.id, "named": NAMED})
    return [
        Browsed(
            id=channel,
            name=name,
            kind=Channel.Kind(kind),
            purpose=purpose,
            archived=archived,
            mine=mine,
            members=members,
            owners=tuple(owners),
        )
        for channel, name, kind, purpose, archived, mine, members, owners in rows
    ]
