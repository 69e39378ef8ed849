"""How far something of people is shown, and what the school has settled. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

from django.utils.functional import Promise


class Extent(StrEnum):
    """To whom something of a person is shown."""

    OFF = "off"
    DIRECT = "direct"
    ON = "on"


class Nudging(StrEnum):
    """What becomes of words that fall under a rule."""

    OFF = "off"
    NUDGE = "nudge"
    BLOCK = "block"


#: The rules of the table (static/nudges/rules.json), in its order.
RULES: Final = ("upn", "nhs", "birth", "phone", "bank", "safeguarding")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What is shown of people: who is there, who is writing, who has read what; and what a page
    points out to whoever writes.

    Read positions always drive a person's own unread counts, whatever `receipts` says. `route` is
    the school's way of reporting a concern, in its own words.
    """

    presence: Extent = Extent.OFF
    typing: Extent = Extent.OFF
    receipts: Extent = Extent.OFF
    nudges: Mapping[str, Nudging] = field(default_factory=dict)
    route: str | Promise = ""

    def as_json(self) -> dict[str, Any]:
        """As a page is told."""
        return asdict(self)
