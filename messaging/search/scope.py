"""How far a search reaches, and where a page ends."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Self
from uuid import UUID

from messaging.search.errors import PageUnknown


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a searcher may find.

    Attributes:
        channels: these only; None is every channel.
        excluded: none of these, whatever `channels` says.
        versions: also what was edited away or deleted. For the desk.
    """

    channels: frozenset[UUID] | None
    excluded: frozenset[UUID] = frozenset()
    versions: bool = False

    @property
    def reaches_all(self) -> bool:
        """Whether no channel is out of reach, so that nothing is given away by how soon a search
        says that a word stands nowhere."""
        return self.channels is None and not self.excluded

    def reaches(self, channel: UUID) -> bool:
        """Whether texts of this channel may be found."""
        return channel not in self.excluded and (self.channels is None or channel in self.channels)


@dataclass(frozen=True, kw_only=True, order=True)
class Position:
    """A place in the order of hits: by time, message and version, the newest first."""

    sent_at: datetime
    message: UUID
    version: int

    def __str__(self) -> str:
        return f"{self.sent_at.astimezone(UTC):%Y%m%d%H%M%S%f}-{self.message.hex}-{self.version}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The position that `str` wrote; raises PageUnknown."""
        try:
            at, message, version = text.split("-")
            sent_at = datetime.strptime(at, "%Y%m%d%H%M%S%f").replace(tzinfo=UTC)
            return cls(sent_at=sent_at, message=UUID(hex=message), version=int(version))
        except ValueError:
            raise PageUnknown(1) from None

    @classmethod
    def start_of(cls, month: date) -> Self:
        """Older than everything sent in a month, newer than everything before it."""
        at = datetime(month.year, month.month, 1, tzinfo=UTC)
        return cls(sent_at=at, message=UUID(int=0), version=0)
