"""Receipts: who has read what, where the school shows it; told only to those who wrote it.

A receipt says which of one's own messages somebody has read, and not when. It is a mood: it heals
by itself, since a page asks for all of them when it opens a channel.
"""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import Error as DatabaseUnavailable

from audit.statements import array, ask, statement_of
from messaging.exceptions import NotShown
from messaging.live.frames import encode
from messaging.live.moods import Moods
from messaging.live.showing import Showing
from messaging.process.threads import in_thread
from messaging.school.values import Extent
from messaging.services.channels import Moved

_log = structlog.get_logger("schoolchat.live")
_SQL: Final = Path(__file__).parent.parent / "sql"
_NEWLY_READ: Final = statement_of(_SQL / "newly_read.sql")
_READERS: Final = statement_of(_SQL / "readers_of_own.sql")


class Receipts:
    """Tells authors that what they wrote was read."""

    def __init__(self, moods: Moods, showing: Showing) -> None:
        self._moods = moods
        self._showing = showing

    async def tell(self, moved: Moved) -> None:
        """These read positions moved. While the database is away nobody is told; a page that opens
        the channel asks."""
        extent = self._showing.shown.receipts
        if extent is Extent.OFF or not moved:
            return
        try:
            found = await in_thread(_newly_read, moved, extent)
        except DatabaseUnavailable as error:
            _log.warning("receipts are not told", error=type(error).__name__)
            return
        for reader, channel, author, seq in found:
            frame = encode("read", channel=str(channel), user=str(reader), seq=seq)
            self._moods.say([author], frame)


def _newly_read(moved: Moved, extent: Extent) -> list[tuple[Any, ...]]:
    values = {
        "people": array(person for person, _ in moved),
        "channels": array(channel for _, channel in moved),
        "formers": array(former for former, _ in moved.values()),
        "seqs": array(seq for _, seq in moved.values()),
        "only_direct": extent is Extent.DIRECT,
    }
    return ask(_NEWLY_READ, values)


def readers_of_own(person: UUID, channel: UUID, extent: Extent) -> list[dict[str, Any]]:
    """For each other member of a channel the newest of this person's messages that they have read,
    as far as the last two hundred of them go.

    Raises NotShown where the school does not show it, and for whoever is not in the channel.
    """
    if extent is Extent.OFF:
        raise NotShown
    values = {"person": person, "channel": channel, "only_direct": extent is Extent.DIRECT}
    rows = ask(_READERS, values)
    if not rows:
        raise NotShown
    return [{"user": str(reader), "seq": seq} for reader, seq in rows if seq is not None]
