"""How far something of people is shown, and what the school has settled. Pure."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Extent(StrEnum):
    """To whom something of a person is shown."""

    OFF = "off"
    DIRECT = "direct"
    ON = "on"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What is shown of people: who is there, who is writing, who has read what.

    Read positions always drive a person's own unread counts, whatever `receipts` says.
    """

    presence: Extent = Extent.OFF
    typing: Extent = Extent.OFF
    receipts: Extent = Extent.OFF

    def as_json(self) -> dict[str, Any]:
        """As a page is told."""
        return asdict(self)
