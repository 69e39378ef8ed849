"""Background work gives way to the chat, in Python and in the database."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection

from audit import priority
from audit.priority import let_database_give_way
from audit.statements import ask, planned_once
from schoolchat.serving import commands
from schoolchat.serving.children import LAST

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    """A thread with a connection of its own, whose priority is only its own."""

    def close() -> None:
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        yield pool
        pool.submit(close).result()


def test_the_process_of_the_database_gives_way_as_its_thread_does(
    thread: ThreadPoolExecutor,
) -> None:
    def niceness() -> tuple[int, int]:
        backend = connection.connection.info.backend_pid
        return os.getpriority(os.PRIO_PROCESS, 0), os.getpriority(os.PRIO_PROCESS, backend)

    thread.submit(let_database_give_way).result()
    mine, of_it = thread.submit(niceness).result()
    assert mine == of_it
    thread.submit(os.setpriority, os.PRIO_PROCESS, 0, mine + 3).result()
    thread.submit(let_database_give_way).result()
    assert thread.submit(niceness).result() == (mine + 3, mine + 3)


def test_what_is_no_process_of_ours_is_left_alone(
    thread: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the database is on another machine, whose numbers mean nothing here."""
    before = os.getpriority(os.PRIO_PROCESS, os.getpid())
    serves_us = priority._serves_us
    monkeypatch.setattr(priority, "_serves_us", lambda _: serves_us(os.getpid()))
    thread.submit(os.setpriority, os.PRIO_PROCESS, 0, before + 3).result()
    thread.submit(let_database_give_way).result()
    assert os.getpriority(os.PRIO_PROCESS, os.getpid()) == before
    assert not thread.submit(serves_us, 2**22 + 1).result(), "no such process"


def test_disposals_are_carried_out_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(os, "nice", asked.append)
    monkeypatch.setattr(commands, "_execute", lambda _: None)
    monkeypatch.setattr(commands, "live_with_parent", lambda: None)

    @contextmanager
    def database(_name: str) -> Iterator[None]:
        asked.append(0)  # the server, which goes on when the command is over
        yield

    monkeypatch.setattr(commands, "_database_for", database)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setenv("SCHOOLCHAT_DB_ROLE", "web")
    commands.run_command(["manage.py", "apply_retention"])
    commands.run_command(["manage.py", "check"])
    assert asked == [0, LAST, 0]


def test_what_is_asked_often_is_planned_once(thread: ThreadPoolExecutor) -> None:
    def asked() -> tuple[int, str, str]:
        with planned_once():
            for number in range(3):
                ask("SELECT %(number)b + 4711", {"number": number})
            ((plans,),) = ask(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE "
                "'%%4711%%' AND generic_plans > 0",
                {},
            )
            ((mode,),) = ask("SELECT current_setting('plan_cache_mode')", {})
        ((after,),) = ask("SELECT current_setting('plan_cache_mode')", {})
        return plans, mode, after

    assert thread.submit(asked).result() == (1, "force_generic_plan", "auto")
