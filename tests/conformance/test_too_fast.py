"""Sending faster than the school allows."""

import asyncio
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from accounts.models import User
from messaging.models import Channel, Message
from tests.conformance.tab import present
from tests.sockets import Frame, Place

pytestmark = pytest.mark.django_db(transaction=True)

BURST = 60
A_PERSONS_BURST = 20  # a channel's is five times that


async def test_who_sends_too_fast_is_told_when_to_try_again(
    server: Place, channel: Channel, alice: User
) -> None:
    refs = [str(uuid4()) for _ in range(BURST)]
    async with present(server, alice) as a:
        for ref in refs:
            await a.say("send", ref=ref, channel=channel.id, body="Faster")
        answers: list[Frame] = [await a.next("sent", "error", ref=ref) for ref in refs]
        refused = [answer for answer in answers if answer["type"] == "error"]
        assert refused
        assert {answer["code"] for answer in refused} == {"too_fast"}
        await asyncio.sleep(refused[-1]["retry_after"])
        again = await a.send(channel.id, "Slower", ref=refused[-1]["ref"])
    assert again["type"] == "sent"
    assert await Message.objects.filter(kind="text").acount() == BURST - len(refused) + 1


async def test_strangers_do_not_slow_a_channel_down(
    server: Place,
    channel: Channel,
    alice: User,
    carol: User,
    dana: User,
    hari: User,
    priya: User,
    theo: User,
    gwen: User,
) -> None:
    """What they send there is refused, and takes nothing from what its members may send."""
    async with AsyncExitStack() as stack:
        a, *strangers = [
            await stack.enter_async_context(present(server, person))
            for person in (alice, carol, dana, hari, priya, theo, gwen)
        ]
        await a.send(channel.id, "Before")
        for stranger in strangers:
            for _ in range(A_PERSONS_BURST):
                await stranger.say("send", ref=str(uuid4()), channel=channel.id, body="Noise")
        refs = [str(uuid4()) for _ in range(A_PERSONS_BURST - 1)]
        for ref in refs:
            await a.say("send", ref=ref, channel=channel.id, body="After")
        answers = [await a.next("sent", "error", ref=ref) for ref in refs]
        refused = [await one.next("error") for one in strangers for _ in range(A_PERSONS_BURST)]
    assert {answer["code"] for answer in refused} == {"not_a_member"}
    assert {answer["type"] for answer in answers} == {"sent"}
