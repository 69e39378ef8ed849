"""More than the school allows, and more than can be stored at once: senders are asked to wait, and
whoever does gets through."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel, Message
from tests.faults.scenes import counted, entered, held, until
from tests.faults.web import Web
from tests.faults.wire import Wire
from tests.scenes import channel_of
from tests.sockets import Frame

pytestmark = pytest.mark.django_db(transaction=True)

BURST = 20  # of a person; a channel's is five times that
QUEUE = 5_000  # messages that may wait in a process
TOO_FAST = 'errors_total{code="too_fast"}'
UNANSWERED = 100  # of a socket, after which nothing more is read from it


@pytest.fixture
def people(
    alice: User, bob: User, carol: User, dana: User, hari: User, priya: User, gwen: User
) -> list[User]:
    return [alice, bob, carol, dana, hari, priya, gwen]


@pytest.fixture
def channel(transactional_db: None, people: list[User]) -> Channel:
    return channel_of(*people)


async def _flood(wire: Wire, channel: Channel, count: int) -> list[Frame]:
    """Say so much at once; the answers."""
    refs = [wire.say("send", channel=channel.id, body=f"Flood {n}") for n in range(count)]
    answers = [await wire.next("sent", "error", within=30) for _ in refs]
    assert {answer["ref"] for answer in answers} == set(refs)
    return answers


def _waits(answers: list[Frame]) -> list[float]:
    errors = [answer for answer in answers if answer["type"] == "error"]
    assert {error["code"] for error in errors} <= {"too_fast"}
    return [error["retry_after"] for error in errors]


def _refused(answers: list[Frame]) -> Frame:
    """The last answer that says to wait."""
    return [answer for answer in answers if answer["type"] == "error"][-1]


async def test_who_waits_as_long_as_told_gets_through(
    strict: Web, channel: Channel, alice: User
) -> None:
    async with entered(strict, alice) as wire:
        answers = await _flood(wire, channel, 2 * BURST)
        waits = _waits(answers)
        assert 0 < len(waits) <= BURST
        assert all(0 < wait <= 1 for wait in waits)
        for _ in range(3):
            refused = _refused(await _flood(wire, channel, 3))
            await asyncio.sleep(refused["retry_after"])
            again = await wire.ask("send", ref=refused["ref"], channel=channel.id, body="Again")
            assert again["type"] == "sent"


async def test_many_together_are_slowed_down_in_one_channel_and_in_no_other(
    strict: Web, channel: Channel, people: list[User]
) -> None:
    other = await sync_to_async(channel_of)(people[-1], name="Another")
    async with AsyncExitStack() as stack:
        wires = [await stack.enter_async_context(entered(strict, person)) for person in people]
        *crowd, late = wires
        await asyncio.gather(*(_flood(wire, channel, BURST) for wire in crowd))
        refused = _refused(await _flood(late, channel, BURST // 2))
        elsewhere = await late.ask("send", channel=other.id, body="Elsewhere")
        assert elsewhere["type"] == "sent"
        await asyncio.sleep(refused["retry_after"])
        again = await late.ask("send", ref=refused["ref"], channel=channel.id, body="Late")
        assert again["type"] == "sent"


async def test_without_limits_nobody_is_slowed_down(
    pair: Web, channel: Channel, alice: User
) -> None:
    async with entered(pair.at(0), alice) as wire:
        assert _waits(await _flood(wire, channel, 20 * BURST)) == []


def _one_each() -> list[tuple[User, Channel]]:
    """More people than it takes to fill the queue, with a channel each."""
    people = [
        User.objects.create_user(f"p{number}@school.example", display_name=f"Person {number}")
        for number in range(QUEUE // UNANSWERED + 5)
    ]
    return [(person, channel_of(person, name=f"Of {person.display_name}")) for person in people]


async def test_what_waits_to_be_stored_is_bounded_and_whoever_is_asked_to_wait_gets_through(
    pair: Web, transactional_db: None
) -> None:
    """The channels are held while more is sent than may wait; by many, since each is read no
    further than a hundred unanswered messages."""
    one, each = pair.at(0), await sync_to_async(_one_each)()
    before = counted(one, TOO_FAST)
    async with AsyncExitStack() as stack:
        with await sync_to_async(held)(*(channel for _, channel in each)):
            floods = []
            for person, channel in each:
                wire = await stack.enter_async_context(entered(one, person))
                floods.append(asyncio.create_task(_flood(wire, channel, UNANSWERED)))
            await until(lambda: counted(one, TOO_FAST) > before)
        answers = [answer for answers in await asyncio.gather(*floods) for answer in answers]
    waits = _waits(answers)
    assert 0 < len(waits) <= len(answers) - QUEUE
    stored = Message.objects.filter(kind=Message.Kind.TEXT)
    assert await stored.acount() == len(answers) - len(waits)
