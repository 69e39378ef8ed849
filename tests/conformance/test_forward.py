"""`send … forward`: somebody's words into another channel, with whose they are."""

from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel
from messaging.services.channels import create_channel, open_direct
from messaging.services.messages import delete_message
from tests.conformance.tab import present
from tests.scenes import channel_of, say
from tests.sockets import Place

pytestmark = pytest.mark.django_db(transaction=True)


async def test_the_words_go_on_with_their_origin(
    server: Place, channel: Channel, alice: User, bob: User, carol: User
) -> None:
    hall = await sync_to_async(create_channel)(by=carol, kind="open", name="Hall", members=[alice])
    said = await sync_to_async(say)(carol, hall, "The **kiln** is free")
    async with present(server, alice) as a, present(server, bob) as b:
        ref = str(uuid4())
        fields = {"forward": said.id, "body": "ignored", "attachments": [str(uuid4())], "ref": ref}
        sent = (await a.ask("send", channel=channel.id, **fields))["message"]
        heard = (await b.hears("The **kiln** is free"))["message"]
        again = (await a.ask("send", channel=channel.id, **fields))["message"]
        without = await a.ask("send", channel=channel.id, forward=said.id)
    assert sent == heard == again
    assert without["type"] == "sent"
    assert sent["html"] == "<p>The <strong>kiln</strong> is free</p>"
    assert sent["author"]["id"] == str(alice.id)
    origin = sent["forwarded"]
    assert (origin["author"], origin["channel"]) == (carol.display_name, "Hall")
    assert origin["sent_at"] < sent["sent_at"]


async def test_what_may_not_leave_its_channel_is_blocked_by_policy(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    direct = await sync_to_async(open_direct)(by=bob, people=[alice])
    said = await sync_to_async(say)(bob, direct, "Between us")
    async with present(server, alice) as a:
        await a.refused("blocked_by_policy", "send", channel=channel.id, forward=said.id)
        assert (await a.ask("send", channel=direct.id, forward=said.id))["type"] == "sent"


async def test_what_is_not_theirs_to_read_or_gone_is_not_found(
    server: Place, channel: Channel, alice: User, bob: User, carol: User
) -> None:
    deleted = await sync_to_async(say)(alice, channel, "Gone")
    await sync_to_async(delete_message)(by=alice, message_id=deleted.id)
    said = await sync_to_async(say)(alice, channel, "Marmalade")
    own = await sync_to_async(channel_of)(carol, name="Their own")
    async with present(server, carol) as c, present(server, alice) as a:
        await c.refused("not_found", "send", channel=own.id, forward=said.id)
        await c.refused("not_a_member", "send", channel=channel.id, forward=said.id)
        for gone in (deleted.id, uuid4()):
            await a.refused("not_found", "send", channel=channel.id, forward=gone)
        await a.refused("bad_frame", "send", channel=channel.id, forward="x")
        assert not [text for text in c.texts if "Marmalade" in text]
