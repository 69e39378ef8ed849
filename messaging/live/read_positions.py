"""How far people have read, written a little later: many positions in one statement.

A page says it after every message that comes into view. Of each person and channel the greatest is
kept, and twice a second all of them are written. What is noted and not yet written is lost when the
process is killed: then half a second of reading shows as unread once more.
"""

import asyncio
from itertools import islice
from typing import Final
from uuid import UUID

import structlog
from django.db import Error as DatabaseUnavailable

from messaging.live.frames import encode
from messaging.live.lasting import Lasting
from messaging.live.moods import Moods
from messaging.live.receipts import Receipts
from messaging.process import metrics
from messaging.process.threads import in_thread
from messaging.services.channels import Moved, mark_read_many

_log = structlog.get_logger("schoolchat.live")
EVERY_SECONDS: Final = 0.5
#: More pairs of person and channel than this are not kept while the database is away.
MOST_KEPT: Final = 50_000
MOST_TOGETHER: Final = 5_000

type Positions = dict[tuple[UUID, UUID], int]


class ReadPositions:
    """What this process has heard of reading, and has not written yet."""

    def __init__(self, moods: Moods, *, receipts: Receipts | None = None) -> None:
        self._moods = moods
        self._receipts = receipts
        self._kept: Positions = {}
        self._people: set[UUID] = set()
        self._noted = asyncio.Event()
        self._writing = asyncio.Lock()
        self._tasks = Lasting()

    def start(self) -> None:
        """Begin to write."""
        self._tasks.run("read positions are written", self._write_forever)

    async def stop(self) -> None:
        """Stop, and write what is left, if the database is there."""
        async with self._writing:  # not in the middle of it
            await self._tasks.stop()
        await self.flush()

    def note(self, person: UUID, channel: UUID, seq: int) -> None:
        """Somebody has read a channel up to `seq`; never waits."""
        pair = (person, channel)
        if pair in self._kept or len(self._kept) < MOST_KEPT:
            self._kept[pair] = max(seq, self._kept.get(pair, 0))
            self._people.add(person)
            self._noted.set()

    async def settled(self, person: UUID) -> None:
        """Write now, if something of this person's is not written: what is counted next is right.

        When the database is away it stays kept, and nothing is raised.
        """
        if person in self._people:
            await self.flush()

    async def flush(self) -> None:
        """Write all of it; what cannot be written is kept for the next time."""
        async with self._writing:
            metrics.QUEUED_BY_NAME["reads"].set(len(self._kept))
            while self._kept and await self._write(self._take()):
                pass
            self._people = {person for person, _ in self._kept}
            metrics.QUEUED_BY_NAME["reads"].set(len(self._kept))

    def _take(self) -> Positions:
        taken = dict(islice(self._kept.items(), MOST_TOGETHER))
        for pair in taken:
            del self._kept[pair]
        return taken

    async def _write(self, taken: Positions) -> bool:
        try:
            moved = await in_thread(mark_read_many, positions=taken)
        except DatabaseUnavailable as error:
            _log.warning("read positions wait", error=type(error).__name__)
            for (person, channel), seq in taken.items():
                self.note(person, channel, seq)
            return False
        self._tell(moved)
        if self._receipts:
            await self._receipts.tell(moved)
        return True

    def _tell(self, moved: Moved) -> None:
        """The person's other tabs take it off their badges."""
        for (person, channel), (_, seq) in moved.items():
            frame = encode("read", channel=str(channel), user=str(person), seq=seq)
            self._moods.say([person], frame)

    async def _write_forever(self) -> None:
        while True:
            await self._noted.wait()
            await asyncio.sleep(EVERY_SECONDS)
            self._noted.clear()
            await self.flush()
