"""The process's writer: takes whatever waits, of all channels, into one transaction."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError
from psycopg.errors import LockNotAvailable

from audit.keyring import KeyringError
from messaging.exceptions import CannotBeStored, ChannelBusy, NotStored, TooFast
from messaging.ingest.drafts import Draft, Outcome
from messaging.ingest.store import store
from messaging.process import metrics
from messaging.process.threads import Lane
from messaging.search.domains import KeyNotMade

_log = structlog.get_logger("schoolchat.ingest")
#: A batch holds its channels' rows for as long as it takes: about 0.1 ms a message.
MOST_A_BATCH: Final = 200
#: A batch begins no sooner after the one before it: at some hundred messages a second each would
#: otherwise be committed alone, and cost its commit and one write a member, which they can share.
#: Who is alone waits for nothing; many fill batches that take longer than this.
SPACING_SECONDS: Final = 0.007
#: More than this many waiting messages, and senders are asked to wait.
MOST_WAITING: Final = 5_000
_TRIES: Final = 2
#: A draft for a channel that somebody else has locked (a disposal, an import) waits so long.
_PATIENCE_SECONDS: Final = 10.0
_BUSY_SECONDS: Final = 0.02
_AGAIN_SECONDS: Final = 0.5
#: What says nothing about the messages: the connection, a lock, the keyring.
_PASSING: Final = (OperationalError, InterfaceError, KeyringError, KeyNotMade)

type Done = Callable[[Outcome], None]
type HandOut = Callable[[Sequence["Waiting"], Sequence[Outcome]], Awaitable[None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A draft in the queue, since when (monotonic seconds), and who waits for its outcome."""

    draft: Draft
    since: float
    done: Done


class Writer:
    """A queue that one task empties; the work is done in a thread of its own.

    `hand_out` is called with each batch, and raises nothing; `handed_out` after it, when its
    channels are no longer among those that are being committed.
    """

    def __init__(self, hand_out: HandOut, *, handed_out: Callable[[], None]) -> None:
        self._hand_out = hand_out
        self._handed_out = handed_out
        self._waiting: deque[Waiting] = deque()
        self._something = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        #: The channels of what is being committed, or has been and is being handed out.
        self.committing: frozenset[UUID] = frozenset()
        self._somebody_is_busy = False
        self._due = 0.0
        self._lane = Lane("ingest")
        self._start()

    def submit(self, draft: Draft, done: Done) -> None:
        """Queue a draft; `done` is called after the commit. Raises TooFast when too many wait."""
        if len(self._waiting) >= MOST_WAITING:
            raise TooFast(1.0)
        self._waiting.append(Waiting(draft=draft, since=monotonic(), done=done))
        self._idle.clear()
        self._something.set()

    async def stop(self) -> None:
        """Write what still waits, then stop."""
        await self._idle.wait()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._lane.close()

    def _start(self) -> None:
        self._task = asyncio.create_task(self._write_forever())
        self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A writer that ends by a fault of ours says so and begins again."""
        if not task.cancelled() and (error := task.exception()):
            _log.critical("the writer has ended", error=type(error).__name__)
            self.committing = frozenset()
            self._handed_out()
            task.get_loop().call_later(_AGAIN_SECONDS, self._start)

    async def _write_forever(self) -> None:
        """While one batch is being committed, the one before it is handed out."""
        finished: tuple[Sequence[Waiting], Sequence[Outcome]] = ((), ())
        while True:
            if not finished[0]:
                await self._until_due()
            batch = self._take() if self._waiting and monotonic() >= self._due else []
            self.committing = _channels(batch) | _channels(finished[0])
            storing = asyncio.ensure_future(self._store(batch)) if batch else None
            await self._hand_out(*finished)
            self.committing = _channels(batch)
            self._handed_out()
            finished = self._put_back_busy(batch, await storing) if storing else ((), ())
            if storing and not finished[0]:
                await asyncio.sleep(_BUSY_SECONDS)

    async def _until_due(self) -> None:
        """Until something waits and the next batch may begin."""
        if not self._waiting:
            self._idle.set()
            self._something.clear()
            await self._something.wait()
        await asyncio.sleep(self._due - monotonic())

    def _take(self) -> list[Waiting]:
        self._due = monotonic() + SPACING_SECONDS
        count = min(len(self._waiting), MOST_A_BATCH)
        batch = [self._waiting.popleft() for _ in range(count)]
        metrics.QUEUED_BY_NAME["ingest"].set(len(self._waiting))
        return batch

    async def _store(self, batch: Sequence[Waiting]) -> list[Outcome]:
        began = monotonic()
        drafts = [waiting.draft for waiting in batch]
        outcomes = await self._lane.run(store_each, drafts, only_free=self._somebody_is_busy)
        metrics.BATCH.observe(len(batch))
        metrics.COMMIT_SECONDS.observe(monotonic() - began)
        return outcomes

    def _put_back_busy(
        self, batch: Sequence[Waiting], outcomes: Sequence[Outcome]
    ) -> tuple[list[Waiting], list[Outcome]]:
        """Drafts for a channel that somebody else has locked wait in their order, for a while."""
        patient_since = monotonic() - _PATIENCE_SECONDS
        finished, busy = [], []
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, ChannelBusy) and waiting.since > patient_since:
                busy.append(waiting)
            else:
                finished.append((waiting, outcome))
        self._waiting.extendleft(reversed(busy))
        self._somebody_is_busy = bool(busy)
        return [w for w, _ in finished], [o for _, o in finished]


def _channels(batch: Iterable[Waiting]) -> frozenset[UUID]:
    return frozenset(waiting.draft.channel for waiting in batch)


def store_each(drafts: Sequence[Draft], *, only_free: bool = False) -> list[Outcome]:
    """The outcome of each draft, whatever becomes of its neighbours.

    A lost connection leaves open whether the commit came through: the same drafts once more
    settle it by their `ref`. What fails otherwise is tried again one by one.
    """
    why: type[NotStored] = NotStored
    for _ in range(_TRIES):
        try:
            return store(drafts, only_free=only_free)
        except _PASSING as error:
            _log.warning("batch not stored", count=len(drafts), error=type(error).__name__)
            why = ChannelBusy if isinstance(error.__cause__, LockNotAvailable) else NotStored
            only_free = only_free or why is ChannelBusy
        except Exception as error:  # noqa: BLE001  (one of them did it; the others must not suffer)
            _log.warning("batch taken apart", count=len(drafts), error=type(error).__name__)
            return [_store_one(draft, only_free=only_free) for draft in drafts]
    return [why() for _ in drafts]


def _store_one(draft: Draft, *, only_free: bool) -> Outcome:
    try:
        return store([draft], only_free=only_free)[0]
    except _PASSING as error:
        _log.warning("not stored", error=type(error).__name__)
        return NotStored()
    except Exception as error:  # noqa: BLE001  (whatever it is, its writer is told)
        _log.critical("message cannot be stored", error=type(error).__name__)
        return CannotBeStored()
