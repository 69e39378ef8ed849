"""Parts of a long work beside each other, each thread on a connection of its own.

Python and PostgreSQL wait for each other, and both for the disk: with two connections one goes on
while the other waits.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event
from typing import Final

from django.db import connection

from audit.priority import let_database_give_way
from audit.statements import planned_once

#: A small server has two cores, and the chat goes on beside.
CONNECTIONS: Final = 2
#: From so many chunks on a second connection is worth its while.
MANY: Final = 64


def each_of_many[T](work: Callable[[T], None], parts: Iterable[T], *, chunks: int) -> None:
    """Do all parts of what has so many chunks: beside each other where it is worth it."""
    if chunks >= MANY:
        each_beside(work, parts)
    else:
        for part in parts:
            work(part)


def each_beside[T](work: Callable[[T], None], parts: Iterable[T]) -> None:
    """Do all parts; when this returns or raises, none is under way any more.

    Where one fails, none is taken any more, and what it raised is raised here. What is taken is
    done: a thread looks before it takes, and ends another only when nothing waits.
    """
    waiting: SimpleQueue[T | None] = SimpleQueue()
    for part in (*parts, *[None] * CONNECTIONS):
        waiting.put(part)
    ended = Event()

    def some() -> None:
        try:
            let_database_give_way()
            with planned_once():
                while not ended.is_set() and (part := waiting.get()) is not None:
                    work(part)
        finally:
            ended.set()
            connection.close()

    with ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="disposer") as pool:
        try:
            for thread in [pool.submit(some) for _ in range(CONNECTIONS)]:
                thread.result()
        finally:
            ended.set()
