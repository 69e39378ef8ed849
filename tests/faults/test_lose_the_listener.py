"""The listening connection lost in every way there is: what it would have told is asked for."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
import pytest
import pytest_asyncio
from django.db import OperationalError, connection, transaction
from psycopg.conninfo import make_conninfo

from accounts import bell as bells
from messaging import bell
from messaging.live import line
from messaging.live.listening import Bell, Listener
from messaging.process.threads import in_thread
from tests.faults.bouncer import bouncer
from tests.faults.proxy import ProxiedDatabase, proxied_database

pytestmark = pytest.mark.django_db(transaction=True)

LOST_WITHIN_SECONDS = 1.5
LISTENING = b"LISTEN"


@dataclass(kw_only=True)
class Noted:
    """What a listener heard, and when it asked for what it had missed."""

    bells: list[Bell] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    asking: int = 0
    most_asking: int = 0
    failures: list[Exception] = field(default_factory=list)
    takes_seconds: float = 0.0

    def hear(self, bell: Bell) -> None:
        self.bells.append(bell)

    async def ask(self) -> None:
        self.asked.append(time.monotonic())
        self.asking += 1
        self.most_asking = max(self.most_asking, self.asking)
        try:
            await asyncio.sleep(self.takes_seconds)
            if self.failures:
                raise self.failures.pop()
        finally:
            self.asking -= 1

    def asked_since(self, moment: float) -> int:
        return len([asked for asked in self.asked if asked >= moment])


async def _until(condition: Callable[[], object], *, within: float = 5.0) -> None:
    deadline = time.monotonic() + within
    for _ in iter(lambda: bool(condition()), True):
        assert time.monotonic() < deadline, "it did not come to pass"
        await asyncio.sleep(0.01)


@pytest.fixture
def database(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProxiedDatabase]:
    """The database behind a proxy, for the listener alone."""
    with proxied_database() as proxied:
        through = make_conninfo(line.conninfo(), host=proxied.host)
        monkeypatch.setattr("messaging.live.line.conninfo", lambda: through)
        yield proxied


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest_asyncio.fixture
async def listener(database: ProxiedDatabase, noted: Noted) -> AsyncIterator[Listener]:
    """Listening, with nothing left to ask."""
    running = Listener(noted.hear, noted.ask)
    running.start()
    try:
        await _until(lambda: not running.lost)
        yield running
    finally:
        began = time.monotonic()
        await running.stop()
        assert time.monotonic() - began < 0.5


async def _hears(noted: Noted) -> Bell:
    """It hears a bell that is rung now."""
    channel = uuid4()
    await in_thread(bell.ring, (channel, 7))
    await _until(lambda: any(heard.channels == ((channel, 7),) for heard in noted.bells), within=1)
    return noted.bells[-1]


async def test_it_hears_and_asks_nothing_while_all_is_well(
    listener: Listener, noted: Noted
) -> None:
    before = len(noted.asked)
    await _hears(noted)
    await asyncio.sleep(2.5)
    await _hears(noted)
    assert len(noted.asked) == before


async def test_a_network_that_swallows_everything_is_noticed(
    listener: Listener, noted: Noted, database: ProxiedDatabase
) -> None:
    began = time.monotonic()
    database.proxy.pause(LISTENING)
    await _until(lambda: noted.asked_since(began), within=LOST_WITHIN_SECONDS)
    assert listener.lost


async def test_while_it_is_lost_it_asks_twice_a_second_and_once_more_when_it_listens_again(
    listener: Listener, noted: Noted, database: ProxiedDatabase
) -> None:
    database.proxy.pause()
    await _until(lambda: listener.lost, within=LOST_WITHIN_SECONDS)
    began, before = time.monotonic(), len(noted.asked)
    await asyncio.sleep(3)
    assert 5 <= len(noted.asked) - before <= 8
    database.proxy.forward()
    await _until(lambda: not listener.lost, within=3)
    asked = noted.asked_since(began)
    await _hears(noted)
    await asyncio.sleep(1.2)
    assert noted.asked_since(began) == asked


async def test_a_closed_connection_is_noticed_at_once(
    listener: Listener, noted: Noted, database: ProxiedDatabase
) -> None:
    began = time.monotonic()
    database.proxy.cut(refuse=True)
    await _until(lambda: noted.asked_since(began), within=0.3)
    database.proxy.forward()
    await _until(lambda: not listener.lost)
    await _hears(noted)


async def test_questions_that_fail_are_asked_again(
    listener: Listener, noted: Noted, database: ProxiedDatabase
) -> None:
    noted.failures = [OperationalError("away"), psycopg.OperationalError("away"), ValueError()]
    before = len(noted.asked)
    database.proxy.cut()
    await _until(lambda: not listener.lost and not noted.failures)
    assert len(noted.asked) - before >= 4
    await _hears(noted)


async def test_what_is_missed_is_never_asked_twice_at_a_time(
    listener: Listener, noted: Noted, database: ProxiedDatabase
) -> None:
    noted.takes_seconds = 0.7
    database.proxy.cut(refuse=True)
    await asyncio.sleep(2)
    database.proxy.forward()
    await _until(lambda: not listener.lost)
    assert noted.most_asking == 1
    assert len(noted.asked) >= 4


async def test_a_bell_that_nobody_can_read_makes_it_ask(listener: Listener, noted: Noted) -> None:
    def ring_strangely() -> None:
        with connection.cursor() as cursor:
            cursor.execute(strange, [said])

    strange = "SELECT pg_notify('schoolchat', said) FROM unnest(%s::text[]) AS said"
    said = ["not JSON", "[]", '{"channels": [["no id", 1]]}', '{"channels": [7]}']
    before = len(noted.asked)
    await in_thread(ring_strangely)
    await _until(lambda: len(noted.asked) > before, within=1)
    await _hears(noted)


async def test_a_constant_stream_of_bells_neither_delays_them_nor_hides_a_dead_connection(
    listener: Listener, noted: Noted, database: ProxiedDatabase
) -> None:
    def asked() -> int:
        (link,) = database.proxy.links(LISTENING)
        return link.said.count(b"pg_listening_channels")

    with _constant_ringing():
        before = asked()
        await asyncio.sleep(3)
        assert asked() - before >= 3
        lags = sorted(heard.lag for heard in noted.bells if heard.lag is not None)
        assert len(lags) == len(noted.bells) > 1000
        assert lags[len(lags) * 95 // 100] < 0.2
        began = time.monotonic()
        database.proxy.pause(LISTENING)
        await _until(lambda: noted.asked_since(began), within=LOST_WITHIN_SECONDS)


@contextmanager
def _constant_ringing() -> Iterator[None]:
    """Bells without a pause, twenty a commit, until the end of the block."""
    over = threading.Event()

    def ring() -> None:
        while not over.is_set():
            bells.ring([{"channels": [[str(uuid4()), n]]} for n in range(20)])
        connection.close()

    ringing = threading.Thread(target=ring)
    ringing.start()
    try:
        yield
    finally:
        over.set()
        ringing.join()


async def test_the_lag_counts_from_the_ringing_through_the_commit(
    listener: Listener, noted: Noted
) -> None:
    def ring_and_wait() -> None:
        with transaction.atomic():
            bell.ring((uuid4(), 1))
            time.sleep(0.4)

    prompt = await _hears(noted)
    assert prompt.lag is not None
    assert 0 <= prompt.lag < 0.3
    before = len(noted.bells)
    await in_thread(ring_and_wait)
    await _until(lambda: len(noted.bells) > before)
    assert noted.bells[-1].lag is not None
    assert 0.35 < noted.bells[-1].lag < 1


async def test_many_channels_ring_in_as_many_bells_as_they_need(
    listener: Listener, noted: Noted
) -> None:
    positions = [(uuid4(), 2**40 + n) for n in range(250)]
    await in_thread(bell.ring, *positions)
    await _until(lambda: sum(len(heard.channels) for heard in noted.bells) >= len(positions))
    assert [pair for heard in noted.bells for pair in heard.channels] == positions
    assert len(noted.bells) == 3


async def test_it_ends_at_once_though_nothing_answers(
    listener: Listener, database: ProxiedDatabase
) -> None:
    """The fixture holds the time."""
    database.proxy.pause()
    await asyncio.sleep(0.8)


async def test_behind_a_bouncer_that_lends_its_connections_it_asks(
    transactional_db: None, noted: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bouncer(by_turns=True) as host:
        through = make_conninfo(line.conninfo(), host=host)
        monkeypatch.setattr("messaging.live.line.conninfo", lambda: through)
        listener = Listener(noted.hear, noted.ask)
        listener.start()
        await asyncio.sleep(2)
        assert listener.lost
        assert len(noted.asked) >= 4
        await listener.stop()
