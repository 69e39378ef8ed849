"""Sending faster than the school allows."""

import asyncio
from uuid import uuid4

import pytest

from accounts.models import User
from messaging.models import Channel, Message
from tests.conformance.tab import present
from tests.sockets import Frame, Place

pytestmark = pytest.mark.django_db(transaction=True)

BURST = 60


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
