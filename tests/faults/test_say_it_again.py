"""One `ref` said a thousand times at once: one message, and the same answer for everybody."""

import asyncio
from uuid import UUID, uuid4

import pytest

from accounts.models import User
from messaging.models import Channel, Message
from tests.faults.scenes import entered
from tests.faults.web import Web
from tests.faults.wire import Wire
from tests.scenes import channel_of

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 1_000


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


async def _insist(wire: Wire, ref: str, channel: Channel, times: int) -> set[tuple[str, int]]:
    """Say it so often before any answer is read; the ids and positions of the answers."""
    for number in range(times):
        wire.say("send", ref=ref, channel=channel.id, body=f"Take {number}")
    sent = [await wire.next("sent", "error", within=30) for _ in range(times)]
    assert {frame["type"] for frame in sent} == {"sent"}, sent[-1]
    assert {frame["ref"] for frame in sent} == {ref}
    return {(frame["message"]["id"], frame["message"]["seq"]) for frame in sent}


@pytest.mark.parametrize("places", [(0, 0), (0, 1)], ids=["one process", "two processes"])
async def test_a_thousand_sends_of_one_ref_are_one_message(
    pair: Web, channel: Channel, alice: User, bob: User, places: tuple[int, int]
) -> None:
    ref = str(uuid4())
    here, there = (pair.at(place) for place in places)
    async with entered(here, alice) as one, entered(there, alice) as two:
        async with entered(pair.at(0), bob) as reader:
            answers = await asyncio.gather(
                _insist(one, ref, channel, TIMES // 2), _insist(two, ref, channel, TIMES // 2)
            )
            after = await one.ask("send", ref=uuid4(), channel=channel.id, body="After")
            heard = [await reader.next("message") for _ in range(2)]
    ((found, position),) = answers[0] | answers[1]
    assert position == channel.head + 1
    assert after["message"]["seq"] == channel.head + 2
    assert [frame["message"]["id"] for frame in heard] == [found, after["message"]["id"]]
    assert [message.id async for message in Message.objects.filter(ref=ref)] == [UUID(found)]
