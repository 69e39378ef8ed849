"""People who stay: clients by the book that come back whenever their socket breaks, and among them
some who post, edit and delete, and say again what was not answered."""

import asyncio
import contextlib
import itertools
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import uuid4

from tests.conformance.store import Store
from tests.faults.product import Person
from tests.faults.wire import Closed, Wire, bearer, wired
from tests.sockets import Frame

#: As the browser does, nobody comes back at the same moment as everybody else.
JITTER_SECONDS = 1.0
PAUSE_SECONDS = 0.2


class Member:
    """One tab of one person, at the websocket `address`."""

    def __init__(self, address: str, person: Person) -> None:
        self.address = address
        self.person = person
        self.store = Store()
        self.wire: Wire | None = None
        self.breaks: list[int | None] = []
        self.welcomes = 0
        self.refused: Counter[str] = Counter()
        self.may_return = asyncio.Event()
        self.may_return.set()
        self._asked: dict[str, dict[str, Any]] = {}

    async def stay(self) -> None:
        """Be there, and come back, until cancelled."""
        while True:
            try:
                async with wired(self.address, bearer(self.person.token)) as wire:
                    await self._converse(wire)
            except OSError:
                pass
            except Closed as closed:
                self.breaks.append(closed.code)
            await asyncio.sleep(random.uniform(0, JITTER_SECONDS))
            await self.may_return.wait()

    async def _converse(self, wire: Wire) -> None:
        self.wire = wire
        self._asked = {ref: one for ref, one in self._asked.items() if one["kind"] != "fetch"}
        self._hello()
        for ref, asked in self._asked.items():
            wire.say(ref=ref, **asked)
        try:
            while True:
                self.take(await wire.receive())
        finally:
            self.wire = None

    def _hello(self) -> None:
        if self.wire:
            self.wire.say("hello", resume=self.store.positions)

    def ask(self, kind: str, *, ref: str | None = None, **fields: Any) -> str:
        """Say it, now and on every next socket, until it is answered."""
        ref = ref or str(uuid4())
        self._asked[ref] = {"kind": kind, **fields}
        self._say(ref)
        return ref

    def _say(self, ref: str) -> None:
        if self.wire and ref in self._asked:
            self.wire.say(ref=ref, **self._asked[ref])

    def state(self, channel: str) -> dict[str, object]:
        """Where it is in a channel, and what became of it."""
        return {
            "position": self.store.positions.get(channel),
            "connected": self.wire is not None,
            "breaks": self.breaks,
            "welcomes": self.welcomes,
            "refused": dict(self.refused),
            "asked": list(self._asked.values()),
        }

    @property
    def unanswered(self) -> int:
        return len(self._asked)

    def take(self, frame: Frame) -> None:
        self.welcomes += frame["type"] == "welcome"
        for said in self.store.take(frame):
            self.ask(**said)
        ref = frame.get("ref")
        if frame["type"] == "error" and ref is None:  # what has no `ref` is `hello`
            self.refused[frame["code"]] += 1
            asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._hello)
        if ref not in self._asked:
            return
        if frame["type"] == "error":
            self._refused(ref, frame["code"])
        elif frame["type"] in {"sent", "done", "changes", "reset"}:
            self.answered(ref, self._asked.pop(ref), frame)

    def _refused(self, ref: str, code: str) -> None:
        self.refused[code] += 1
        if code == "unavailable":
            asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._say, ref)
        else:
            del self._asked[ref]

    def answered(self, ref: str, asked: dict[str, Any], answer: Frame) -> None:
        """For those who want to know."""


@dataclass(kw_only=True)
class Meant:
    """What an author wants a message to be in the end; `body` is "" for a deleted one."""

    body: str
    to_do: list[str] = field(default_factory=list)
    id: str | None = None


class Author(Member):
    """Posts into all their channels, edits some of it, once or twice, and deletes some.

    A message's changes come one after the other, each when the one before it was answered; other
    messages do not wait for that.
    """

    def __init__(self, address: str, person: Person) -> None:
        super().__init__(address, person)
        self.meant: dict[str, Meant] = {}
        self.answers = 0
        self._changes: dict[str, str] = {}

    async def write(self, posts: int | None = None, *, pause: float) -> None:
        """Post so many messages, or until cancelled, without waiting for answers."""
        for number in itertools.count() if posts is None else range(posts):
            self._post(number)
            await asyncio.sleep(pause)

    def _post(self, number: int) -> None:
        to_do = {0: ["edit", "edit"], 1: ["delete"], 2: ["edit", "delete"]}.get(number % 6, [])
        ref, body = str(uuid4()), f"{self.person.email} says {number}"
        self.meant[ref] = Meant(body=body, to_do=to_do)
        channels = self.person.channels
        self.ask("send", ref=ref, channel=channels[number % len(channels)], body=body)

    def answered(self, ref: str, asked: dict[str, Any], answer: Frame) -> None:
        if asked["kind"] == "fetch":
            return
        self.answers += 1
        post = self._changes.pop(ref, ref)
        meant = self.meant[post]
        if answer["type"] == "sent":
            # The same answer comes to whatever repeats the `ref`.
            assert meant.id in {None, answer["message"]["id"]}
            meant.id = answer["message"]["id"]
        if meant.to_do:
            self._change(post, meant)

    def _change(self, post: str, meant: Meant) -> None:
        change = meant.to_do.pop(0)
        meant.body = f"{meant.body}, better" if change == "edit" else ""
        fields = {"body": meant.body} if change == "edit" else {}
        ref = str(uuid4())
        self._changes[ref] = post
        self.ask(change, ref=ref, message=meant.id, **fields)

    @property
    def settled(self) -> bool:
        """Everything was answered."""
        return not self.unanswered and not any(meant.to_do for meant in self.meant.values())


class Crowd:
    """Members who are there as long as the block lasts."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(one.stay()) for one in self.members]
        await self.until(lambda: all(one.welcomes for one in self.members))
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def until(self, condition: Callable[[], object], *, within: float = 60) -> None:
        """Until it is so, or somebody has met what no server may do."""
        async with asyncio.timeout(within):
            while not condition():
                for task in self._tasks:
                    if task.done():
                        task.result()
                await asyncio.sleep(0.02)

    async def settle(self, heads: dict[str, int]) -> None:
        """Until everybody is at these positions of these channels; else it says who is not."""

        def missing() -> list[tuple[Member, str]]:
            return [
                (member, channel)
                for member in self.members
                for channel, head in heads.items()
                if not member.store.settled(channel, head)
            ]

        try:
            await self.until(lambda: not missing())
        except TimeoutError:
            raise AssertionError([one.state(channel) for one, channel in missing()]) from None
