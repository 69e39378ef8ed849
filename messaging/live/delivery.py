"""Delivery: how far each channel has been brought to the sockets here, and bringing it further.

What this process's own writer has committed is delivered at once, without a read, when nothing
lies between it and what was delivered before. All else is read when a bell has told of it.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from time import monotonic
from typing import Final
from uuid import UUID

import orjson
import structlog
from django.db import Error as DatabaseUnavailable

from audit.keyring import KeyringError
from messaging.ingest.drafts import Draft, Outcome, Posted
from messaging.ingest.writer import Done, Waiting, Writer
from messaging.live.frames import Parcel, encode
from messaging.live.reading import Change, Changes, changes_of, joined_channel
from messaging.live.rooms import Rooms
from messaging.process import metrics
from messaging.process.threads import Lane, in_thread

_log = structlog.get_logger("schoolchat.live")
_RETRY_SECONDS: Final = 0.5
#: A write takes about five microseconds.
_WRITES_IN_A_ROW: Final = 2_000


class Delivery:
    """The positions of channels, and the frames that follow from them.

    `regrouped` is called with a channel whose members have changed.
    """

    def __init__(self, rooms: Rooms, *, regrouped: Callable[[UUID], None]) -> None:
        self._rooms = rooms
        self._regrouped = regrouped
        # Bells that came during a batch have waited for it.
        self._writer = Writer(self._committed, handed_out=self._read_if_rung)
        self._delivered: dict[UUID, int] = {}
        self._rung: dict[UUID, int] = {}
        self._reading: set[UUID] = set()
        self._gaps: set[UUID] = set()
        self._written = 0
        self._task: asyncio.Task[None] | None = None
        self._lane = Lane("delivery")

    async def stop(self) -> None:
        """Write what still waits, and deliver nothing more."""
        await self._writer.stop()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._lane.close()

    def post(self, draft: Draft, done: Done) -> None:
        """Have a message stored and delivered; `done` is called with the outcome after both.

        Raises TooFast when too many wait."""
        self._writer.submit(draft, done)

    @property
    def channels(self) -> list[UUID]:
        """The channels whose positions are known."""
        return list(self._delivered)

    def knows(self, channel: UUID, position: int) -> None:
        """A client here was brought to `position`: deliver what comes after it."""
        self._delivered.setdefault(channel, position)

    async def _committed(self, batch: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
        """Deliver a batch and answer its senders, in that order: everybody waits for the first,
        one person for the second."""
        fresh = [o for o in outcomes if isinstance(o, Posted) and o.fresh]
        by_channel = sorted(fresh, key=lambda posted: (posted.channel, posted.changed))
        for channel, posted in groupby(by_channel, key=lambda posted: posted.channel):
            self._deliver_or_read(channel, list(posted))
            await self._breathe()
        for waiting, outcome in zip(batch, outcomes, strict=True):
            try:
                self._answer(waiting, outcome)
            except Exception as error:  # noqa: BLE001  (one socket's fault; the others are waiting)
                _log.critical("not answered", error=type(error).__name__)

    def _answer(self, waiting: Waiting, outcome: Outcome) -> None:
        if isinstance(outcome, Posted):
            metrics.DELIVERY_SECONDS.observe(monotonic() - waiting.since)
            if not outcome.fresh:
                self.ring(outcome.channel, outcome.changed)
        waiting.done(outcome)

    def _deliver_or_read(self, channel: UUID, posted: Sequence[Posted]) -> None:
        try:
            self._deliver_own(channel, posted)
        except Exception as error:  # noqa: BLE001  (one channel's fault; the others must not suffer)
            _log.critical("own messages not delivered", error=type(error).__name__)
            self._gaps.add(channel)
            self.ring(channel, posted[-1].changed)

    def _deliver_own(self, channel: UUID, posted: Sequence[Posted]) -> None:
        first, last = posted[0].changed, posted[-1].changed
        known = self._delivered.get(channel, first - 1)
        if known != first - 1 or channel not in self._rooms or channel in self._reading:
            if known < last:  # something lies between, else it was read already
                self._gaps.add(channel)
                self.ring(channel, last)
            return
        frames = [
            encode(
                "message",
                channel=str(channel),
                since=one.changed - 1,
                upto=one.changed,
                message=orjson.Fragment(one.shown),
            )
            for one in posted
        ]
        self._to_room(channel, frames)
        self._delivered[channel] = last

    def ring(self, channel: UUID, position: int) -> None:
        """A channel has reached a position: deliver up to there, once."""
        if position <= self._delivered.get(channel, -1):
            return
        self._rung[channel] = max(position, self._rung.get(channel, 0))
        self._read_if_rung()

    def _read_if_rung(self) -> None:
        if (self._task is None or self._task.done()) and self._behind():
            self._task = asyncio.create_task(self._read_rung())

    async def _read_rung(self) -> None:
        """Read and send until every channel is where the bells say: whatever rang meanwhile, of
        all channels, is one read."""
        while since := self._behind():
            self._reading = set(since)
            try:
                await self._catch_up(since)
            except (DatabaseUnavailable, KeyringError) as error:
                _log.warning("delivery waits", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
            except Exception as error:  # noqa: BLE001  (one channel's fault; the others must not suffer)
                _log.critical("delivery failed", error=type(error).__name__)
                await self._one_by_one(since)
            finally:
                self._reading = set()

    async def _one_by_one(self, since: Mapping[UUID, int]) -> None:
        """What cannot be delivered is left to its members to fetch."""
        for channel, position in since.items():
            try:
                await self._catch_up({channel: position})
            except (DatabaseUnavailable, KeyringError):
                return  # all that still rings is read again
            except Exception as error:  # noqa: BLE001  (as above)
                _log.critical("not delivered", channel=str(channel), error=type(error).__name__)
                reached = self._rung.pop(channel, position)
                if channel in self._rooms:
                    self._delivered[channel] = reached
                    self._to_room(channel, [encode("reset", channel=str(channel))])

    def _behind(self) -> dict[UUID, int]:
        """The channels to read, and how far each was delivered.

        A channel that our own writer is just committing to has probably rung for that: it waits
        for the batch, unless something lay between already.
        """
        self._rung = {
            channel: until
            for channel, until in self._rung.items()
            if until > self._delivered.get(channel, -1)
        }
        return {
            channel: self._delivered.get(channel, until - 1)
            for channel, until in self._rung.items()
            if channel in self._gaps or channel not in self._writer.committing
        }

    async def _catch_up(self, since: Mapping[UUID, int]) -> None:
        unknown = [channel for channel in since if channel not in self._rooms]
        found = await self._lane.run(changes_of, since, with_members=unknown)
        for channel in since:
            self._gaps.discard(channel)
            changes = found.get(channel)
            if changes is None or changes.upto <= since[channel]:
                self._rung.pop(channel, None)  # gone, or rung for what is not there
                continue
            await self._send(changes)
            self._delivered[channel] = changes.upto
            await self._breathe()

    async def _send(self, found: Changes) -> None:
        if found.members is not None:
            self._rooms.load(found.channel, found.members)
            self._regrouped(found.channel)
        for change in found.changes:
            await self._tell_of_membership(found.channel, change)
        if found.reset:
            self._to_room(found.channel, [encode("reset", channel=str(found.channel))])
            return
        self._to_room(found.channel, list(_frames(found)))

    async def _tell_of_membership(self, channel: UUID, change: Change) -> None:
        """Who came or went, or whose channel was made, changed or archived, hears of it."""
        if change.event == "updated":
            await self._tell(channel, "updated", self._rooms.people())
        elif change.event in {"created", "archived"}:
            action = "joined" if change.event == "created" else "archived"
            self._regrouped(channel)
            await self._tell(channel, action, self._rooms.people())
        elif change.person is None:
            return
        elif change.event == "joined":
            self._rooms.joined(channel, change.person)
            self._regrouped(channel)
            await self._tell(channel, "joined", [change.person])
        elif change.event in {"left", "removed"}:
            self._rooms.left(channel, change.person)
            self._regrouped(channel)
            gone = encode("channel", action="left", channel={"id": str(channel)})
            self._rooms.to_people([change.person], gone)

    async def _tell(self, channel: UUID, action: str, people: Iterable[UUID]) -> None:
        """The channel as it now is, to those of these people who are in it and here."""
        here = [person for person in people if self._rooms.of(person)]
        shown = await in_thread(joined_channel, channel, here) if here else {}
        for person, fields in shown.items():
            self._rooms.to_people([person], encode("channel", action=action, channel=fields))

    def _to_room(self, channel: UUID, payloads: Sequence[bytes]) -> None:
        sockets = self._rooms.listeners(channel)
        parcel = Parcel(*payloads)
        for socket in sockets:
            socket.deliver(parcel, channel)
        self._written += len(sockets)
        metrics.DELIVERIES.inc(len(sockets) * len(payloads))

    async def _breathe(self) -> None:
        """Between two channels: let everything else have its turn, and the writes go out."""
        if self._written > _WRITES_IN_A_ROW:
            self._written = 0
            await asyncio.sleep(0)

    async def members(self, channel: UUID) -> Collection[UUID]:
        """Who is in a channel, for what is no fact: typing.

        What was read is kept only if nothing has happened in the channel since it was delivered
        to: else a removal that is on its way would be undone.
        """
        if channel in self._rooms:
            return self._rooms.members(channel)
        since = self._delivered.get(channel, 0)
        found = await self._lane.run(changes_of, {channel: since}, with_members=[channel])
        read = found.get(channel)
        if read is None or read.members is None:
            return frozenset()
        at_rest = read.upto == since == self._delivered.get(channel)
        if at_rest and channel not in self._rooms and channel not in self._reading:
            self._rooms.load(channel, read.members)
        return read.members


def _frames(found: Changes) -> Iterator[bytes]:
    """A frame for each change; the last brings a client to where the reading went, past what is
    out of view."""
    since = found.since
    for change in found.changes:
        changed = change.message["changed"]
        new = change.message["seq"] == changed
        upto = found.upto if change is found.changes[-1] else changed
        yield encode(
            "message" if new else "changed",
            channel=str(found.channel),
            since=since,
            upto=upto,
            message=change.message,
        )
        since = upto
