"""What a search of the record asks, as it stands in its sealed record. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

from audit.canonical import Json
from audit.clock import iso

#: Below this many characters a reason says nothing.
LEAST_REASON_CHARS: Final = 20
#: How far back a search looks unless it is widened.
DEFAULT_DAYS: Final = 90


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """Words, reason and filters. `since` is included, `until` is not; None is no bound. A search
    that is kept has a name, and perhaps the number of the concern that it is made for.

    `named` says whom and which channel the filters among the words named when it was made, by the
    filter, `from` or `in`: a name may be somebody else's later. It is empty where there are none,
    and in what was recorded before these ids were.
    """

    reason: str
    words: str
    person: UUID | None = None
    channel: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    name: str = ""
    concern: int | None = None
    named: Mapping[str, UUID] = field(default_factory=dict)

    def values(self) -> dict[str, Json]:
        """What is sealed. The purpose is the desk's own and cannot become another."""
        kept: dict[str, Json] = {"name": self.name, "concern": self.concern} if self.name else {}
        if self.named:
            kept["named"] = {name: str(each) for name, each in self.named.items()}
        return kept | {
            "purpose": "safeguarding",
            "reason": self.reason,
            "words": self.words,
            "person": str(self.person) if self.person else None,
            "channel": str(self.channel) if self.channel else None,
            "since": iso(self.since) if self.since else None,
            "until": iso(self.until) if self.until else None,
        }

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """The inquiry that `values` sealed."""
        return cls(
            reason=values["reason"],
            words=values["words"],
            person=UUID(values["person"]) if values["person"] else None,
            channel=UUID(values["channel"]) if values["channel"] else None,
            since=datetime.fromisoformat(values["since"]) if values["since"] else None,
            until=datetime.fromisoformat(values["until"]) if values["until"] else None,
            name=values.get("name", ""),
            concern=values.get("concern"),
            named={name: UUID(each) for name, each in values.get("named", {}).items()},
        )
