"""`send … attachments`: a message brings files, and every frame that has it shows them."""

from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel, Message
from tests.conformance.tab import present
from tests.sockets import Place
from tests.uploads import picture, uploaded

pytestmark = pytest.mark.django_db(transaction=True)


async def test_files_come_with_the_message_in_every_frame(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    note = await sync_to_async(uploaded)(alice, channel)
    pond = await sync_to_async(uploaded)(alice, channel, picture(), "pond.png")
    files = [str(note.id), str(pond.id)]
    async with present(server, alice) as a, present(server, bob) as b:
        sent = (await a.send(channel.id, "", attachments=files))["message"]
        heard = (await b.next("message"))["message"]
        page = (await b.ask("fetch", channel=channel.id))["messages"][-1]
        await a.ask("edit", message=sent["id"], body="The pond")
        edited = (await b.next("changed"))["message"]
        await a.ask("delete", message=sent["id"])
        deleted = (await b.next("changed"))["message"]
    assert sent == heard == page
    assert [file["id"] for file in sent["attachments"]] == files
    assert [file["type"] for file in sent["attachments"]] == ["text/plain", "image/png"]
    assert edited["attachments"] == sent["attachments"]
    assert deleted["attachments"] == []


async def test_what_cannot_be_sent_is_refused_and_nothing_is_stored(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    theirs = await sync_to_async(uploaded)(bob, channel)
    once = str((await sync_to_async(uploaded)(alice, channel)).id)
    async with present(server, alice) as a:
        ref = str(uuid4())
        fields = {"channel": channel.id, "body": "Once", "attachments": [once, once], "ref": ref}
        first = (await a.ask("send", **fields))["message"]
        again = (await a.ask("send", **fields))["message"]
        for gone in (str(theirs.id), str(uuid4()), once):
            await a.refused("not_found", "send", channel=channel.id, body="", attachments=[gone])
        many = [str(uuid4()) for _ in range(11)]
        await a.refused("refused", "send", channel=channel.id, body="", attachments=many)
        for bad in (["one"], "one", [1], {"a": 1}):
            await a.refused("bad_frame", "send", channel=channel.id, body="x", attachments=bad)
    assert first == again
    assert len(first["attachments"]) == 1
    assert await Message.objects.filter(kind="text").acount() == 1
