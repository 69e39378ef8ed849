"""What was found wrong with the record, in a sentence each. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Deed(StrEnum):
    """What was done to the record."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    REWRITTEN = "rewritten"
    ROLLED_BACK = "rolled back"
    FORGED = "forged"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that was done to the record.

    `leaf` is the number of the first leaf that it concerns, None where it concerns none.
    """

    deed: Deed
    sentence: str
    leaf: int | None = None

    def __str__(self) -> str:
        return self.sentence
