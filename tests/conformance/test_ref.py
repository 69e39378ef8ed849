"""`ref`: what is sent again is stored once, and answered each time."""

from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel, Message
from messaging.services.channels import archive_channel
from messaging.services.messages import delete_message
from tests.conformance.tab import present
from tests.scenes import channel_of
from tests.sockets import Place

pytestmark = pytest.mark.django_db(transaction=True)


async def _stored(ref: str | UUID) -> int:
    return await Message.objects.filter(ref=ref).acount()


async def test_one_ref_on_one_socket_is_one_message(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    ref = uuid4()
    async with present(server, alice) as a, present(server, bob) as b:
        first = await a.send(channel.id, "Once", ref=ref)
        again = await a.send(channel.id, "Twice", ref=ref)
        await a.send(channel.id, "The end")
        await b.hears("The end")
    assert first == again
    assert await _stored(ref) == 1
    messages = [f["message"] for f in b.seen if f["type"] == "message"]
    # The line of who was let in may still have been on its way.
    heard = {one["id"] for one in messages if one["kind"] == "text"}
    assert len(heard) == 2


async def test_one_ref_from_two_sockets_at_once_is_one_message(
    server: Place, channel: Channel, alice: User
) -> None:
    ref = uuid4()
    async with present(server, alice) as here, present(server, alice) as there:
        for tab in (here, there) * 5:
            await tab.say("send", ref=ref, channel=channel.id, body="Once")
        answers = [await tab.next("sent", "error") for tab in (here, there) * 5]
    assert [answer == answers[0] for answer in answers] == [True] * 10
    assert answers[0]["type"] == "sent"
    assert await _stored(ref) == 1


async def test_another_person_s_ref_is_another_message(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    ref = uuid4()
    async with present(server, alice) as a, present(server, bob) as b:
        hers = await a.send(channel.id, "Mine", ref=ref)
        his = await b.send(channel.id, "No, mine", ref=ref)
    assert hers["message"]["id"] != his["message"]["id"]
    assert his["message"]["body"] == "No, mine"
    assert await _stored(ref) == 2


async def test_one_ref_in_two_channels_is_two_messages(
    server: Place, channel: Channel, alice: User
) -> None:
    ref = uuid4()
    other = await sync_to_async(channel_of)(alice, name="Year 6")
    async with present(server, alice) as a:
        one = await a.send(channel.id, "To you", ref=ref)
        two = await a.send(other.id, "And to you", ref=ref)
    assert [f["message"]["channel"] for f in (one, two)] == [str(channel.id), str(other.id)]
    assert one["message"]["id"] != two["message"]["id"]


async def test_a_repeat_gets_the_first_answer_also_in_a_channel_that_was_archived(
    server: Place, channel: Channel, alice: User
) -> None:
    async with present(server, alice) as a:
        first = await a.send(channel.id, "Was the answer lost?")
        await sync_to_async(archive_channel)(by=alice, channel_id=channel.id)
        assert await a.send(channel.id, "Was the answer lost?", ref=first["ref"]) == first


async def test_a_repeat_brings_nothing_back_that_was_deleted(
    server: Place, channel: Channel, alice: User
) -> None:
    async with present(server, alice) as a:
        first = await a.send(channel.id, "Think again")
        await sync_to_async(delete_message)(by=alice, message_id=UUID(first["message"]["id"]))
        again = await a.send(channel.id, "Think again", ref=first["ref"])
    assert again["message"]["id"] == first["message"]["id"]
    assert await _stored(first["ref"]) == 1
