"""Two things at once, one of them kept waiting by a lock until the other has happened."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from messaging.live.line import conninfo
from tests.faults.product import until

_KEPT_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"


class Apart[T]:
    """Something done by another thread, on a connection of its own."""

    def __init__(self, act: Callable[[], T]) -> None:
        self._act = act
        self.done: list[T] = []
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.done.append(self._act())
        finally:
            connection.close()

    @property
    def answer(self) -> T:
        self.thread.join(20)
        return self.done[0]


@contextmanager
def lock(table: str) -> Iterator[psycopg.Connection[tuple[int]]]:
    with psycopg.connect(conninfo()) as holding:
        holding.execute(f"LOCK TABLE {table}".encode())
        yield holding


def until_waiting(number: int, table: str) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as looking:
        until(lambda: looking.execute(_KEPT_WAITING, [table]).fetchone() == (number,))
