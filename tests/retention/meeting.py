"""Those who place holds and those who destroy, who start together at a barrier."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection

from accounts.models import User
from messaging.models import Channel
from tests.retention.scenes import held

PATIENCE: Final = 60


@dataclass(frozen=True)
class Target:
    """A message by one person on a day of its own, and so what a hold of any shape covers."""

    message: UUID
    channel: Channel
    author: User
    day: date

    def shapes(self) -> list[dict[str, Any]]:
        """What a hold may be on, so that it covers this message and none of another day."""
        days = {"since": self.day, "until": self.day}
        return [
            {"channels": [self.channel], **days},
            {"people": [self.author], "channels": [self.channel], **days},
            days,
        ]


@dataclass
class Meeting:
    """Those who start together, what they are about, and what each hold's placer could see."""

    parties: int
    target: Target | None = None
    next: Target | None = None
    placed: list[tuple[Target, str]] = field(default_factory=list)
    wrong: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.barrier = threading.Barrier(self.parties, action=self._all_are_here)

    def start(self, target: Target) -> None:
        """All are here; they go on from here at once."""
        self.next = target
        self.barrier.wait(PATIENCE)

    def _all_are_here(self) -> None:
        self.target = self.next

    def place(self, by: User, shape: int) -> None:
        """Place a hold of one shape at each start, until there is none any more."""
        with own_connection("web", self.wrong, self.barrier):
            while (target := self._started()) is not None:
                held(by, **target.shapes()[shape])
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_current_snapshot()::text")
                    self.placed.append((target, cursor.fetchone()[0]))

    def disturb(self, acts: Iterator[Callable[[Channel], None]]) -> None:
        """Do something else that decides what is destroyed, at each start."""
        with own_connection("web", self.wrong, self.barrier):
            while (target := self._started()) is not None:
                next(acts)(target.channel)

    def _started(self) -> Target | None:
        try:
            self.barrier.wait(PATIENCE)
        except threading.BrokenBarrierError:
            return None
        return self.target


@contextmanager
def own_connection(role: str, wrong: list[Exception], barrier: threading.Barrier) -> Iterator[None]:
    """As a database role; what goes wrong is kept, and nobody waits for whom it went wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE schoolchat_{role}")
        yield
    except Exception as error:  # noqa: BLE001  (the test says it)
        wrong.append(error)
        barrier.abort()
    finally:
        connection.close()


def run(*work: Callable[[], None]) -> list[threading.Thread]:
    """Each in a thread, which has begun."""
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    return threads


def somebody_waits_for_us() -> bool:
    """Whether another connection waits for a lock that this one has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
