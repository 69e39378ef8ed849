"""The words that somebody has not said yet, as they stand sealed. Pure."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

import orjson


@dataclass(frozen=True, kw_only=True)
class OwnWords:
    """Markdown source, the message that it answers, and the uploads that it brings."""

    text: str
    reply_to: UUID | None = None
    uploads: tuple[UUID, ...] = ()

    def packed(self) -> bytes:
        """What is sealed."""
        files = {"uploads": self.uploads} if self.uploads else {}
        return orjson.dumps({"text": self.text, "reply_to": self.reply_to, **files})

    @classmethod
    def unpacked(cls, plain: bytes) -> Self:
        """What was packed."""
        found = orjson.loads(plain)
        reply_to = found["reply_to"]
        return cls(
            text=found["text"],
            reply_to=UUID(reply_to) if reply_to else None,
            uploads=tuple(map(UUID, found.get("uploads", ()))),
        )
