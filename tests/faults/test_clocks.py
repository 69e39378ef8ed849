"""Clocks that step back, and machines whose clocks differ: the order of the page stays that of the
positions, and nobody is put out."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from uuid_utils.compat import uuid7

from accounts.models import User
from audit.clock import now
from messaging.ingest import store
from messaging.models import Channel
from messaging.services.channels import add_member
from messaging.services.history import Past, write_history
from tests.conformance.frames import Message
from tests.conformance.scenes import truth
from tests.faults.scenes import entered, headers_of
from tests.faults.web import Web, web_processes
from tests.faults.wire import Wire, wired
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)

STEP_SECONDS = 300
FLOOD = 40


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@dataclass(frozen=True, kw_only=True)
class Clock:
    """That of `stepped`."""

    file: Path

    def wrong_by(self, seconds: int) -> None:
        self.file.write_text(str(seconds))


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    made = Clock(file=tmp_path_factory.mktemp("clock") / "wrong")
    made.wrong_by(0)
    return made


@pytest.fixture(scope="module")
def stepped(django_db_setup: None, clock: Clock) -> Iterator[Web]:
    with web_processes("stepped", package="tests.faults", STEPPED_BY=str(clock.file)) as web:
        yield web


@contextmanager
def ahead(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process, which also writes, is a machine whose clock runs ahead."""

    def later() -> datetime:
        return now() + timedelta(seconds=STEP_SECONDS)

    def later_id() -> UUID:
        return uuid7(nanoseconds=time.time_ns() + STEP_SECONDS * 10**9)

    with monkeypatch.context() as patch:
        patch.setattr(store, "now", later)
        patch.setattr(store, "uuid7", later_id)
        yield


async def _post(wire: Wire, channel: Channel, count: int) -> None:
    for number in range(count):
        answer = await wire.ask("send", channel=channel.id, body=f"Message {number}")
        assert answer["type"] == "sent", answer


async def _in_order(channel: Channel) -> list[Message]:
    """The page, which must be in the order of positions."""
    page = await sync_to_async(truth)(channel)
    assert [one["seq"] for one in page] == list(range(1, len(page) + 1))
    times = [one["sent_at"] for one in page]
    assert times == sorted(times)
    assert {UUID(one["id"]).version for one in page} == {7}
    return page


@pytest.mark.shows("wrong-clock")
async def test_messages_keep_their_order_when_the_clock_steps_back(
    stepped: Web, clock: Clock, channel: Channel, alice: User, bob: User
) -> None:
    async with entered(stepped, alice) as wire, entered(stepped, bob) as reader:
        for wrong in (0, -STEP_SECONDS, 0, STEP_SECONDS, 0, -STEP_SECONDS):
            clock.wrong_by(wrong)
            await _post(wire, channel, 3)
            await sync_to_async(say)(alice, channel, "From a machine with the right time")
        page = await _in_order(channel)
        heard = [await reader.next("message") for _ in page[1:]]
        assert [frame["message"]["id"] for frame in heard] == [one["id"] for one in page[1:]]


@pytest.mark.shows("wrong-clock")
async def test_messages_keep_their_order_when_another_machine_s_clock_runs_ahead(
    pair: Web, channel: Channel, alice: User, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with entered(pair.at(0), alice) as one, entered(pair.at(1), alice) as other:
        await _post(one, channel, 2)
        with ahead(monkeypatch):
            await sync_to_async(say)(alice, channel, "From the future")
        await _post(one, channel, 2)
        await _post(other, channel, 2)
        await sync_to_async(add_member)(by=alice, channel_id=channel.id, person=dana)
        await _post(one, channel, 2)
    page = await _in_order(channel)
    assert page[3]["body"] == "From the future"


@pytest.mark.shows("wrong-clock")
async def test_a_clock_that_was_far_ahead_does_not_keep_the_wrong_time_going(
    channel: Channel, alice: User
) -> None:
    wrong = Past(
        id=uuid7(),
        channel=channel.id,
        author=alice.id,
        sent_at=now() + timedelta(days=1),
        text="Tomorrow",
    )
    await sync_to_async(write_history)([wrong], seed=1)
    message = await sync_to_async(say)(alice, channel, "Today")
    assert abs(message.sent_at - now()) < timedelta(minutes=1)


async def test_nobody_is_put_out_or_slowed_down_when_the_clock_steps_back(
    stepped: Web, clock: Clock, channel: Channel, alice: User
) -> None:
    headers = await headers_of(alice)
    clock.wrong_by(0)
    async with wired(stepped.websocket, headers) as here:
        await here.answers()
        clock.wrong_by(-STEP_SECONDS)
        async with wired(stepped.websocket, headers) as later:
            await later.answers()
        for _ in range(FLOOD):
            here.say("send", channel=channel.id, body="Faster")
        answers = [await here.next("sent", "error") for _ in range(FLOOD)]
        waits = [answer["retry_after"] for answer in answers if answer["type"] == "error"]
        assert waits
        assert 0 < max(waits) <= 1
        await asyncio.sleep(max(waits))
        await _post(here, channel, 1)
