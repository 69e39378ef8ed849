"""`delete`: out of the conversation, a tombstone in its place."""

from uuid import UUID

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel, Message
from tests.conformance.tab import present
from tests.scenes import say
from tests.sockets import Place

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_deleted_message_is_a_tombstone_for_everybody(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b:
        sent = (await a.send(channel.id, "Marmalade"))["message"]
        await b.hears("Marmalade")
        assert (await a.ask("delete", message=sent["id"]))["type"] == "done"
        assert await Message.objects.filter(id=sent["id"], deleted_at=None).acount() == 0
        own = await a.next("changed")
        heard = await b.next("changed")
        page = await b.ask("fetch", channel=channel.id)
    stone = heard["message"]
    assert stone == own["message"] == page["messages"][-1]
    assert (stone["id"], stone["seq"]) == (sent["id"], sent["seq"])
    assert stone["changed"] == heard["upto"] > sent["changed"]
    assert (stone["body"], stone["html"]) == ("", "")
    assert stone["deleted_at"] >= stone["sent_at"]
    assert "Marmalade" not in b.texts[-1]


async def test_deleting_again_is_done_already(server: Place, channel: Channel, alice: User) -> None:
    message = await sync_to_async(say)(alice, channel, "Marmalade")
    async with present(server, alice) as a:
        assert (await a.ask("delete", message=message.id))["type"] == "done"
        assert (await a.ask("delete", message=message.id))["type"] == "done"


async def test_an_owner_deletes_what_others_wrote_and_a_member_does_not(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    hers = await sync_to_async(say)(alice, channel, "From the owner")
    his = await sync_to_async(say)(bob, channel, "From a member")
    async with present(server, alice) as a, present(server, bob) as b:
        await b.refused("refused", "delete", message=hers.id)
        assert (await a.ask("delete", message=his.id))["type"] == "done"
        changed = await b.next("changed")
    assert UUID(changed["message"]["id"]) == his.id
    assert changed["message"]["author"]["id"] == str(bob.id)


async def test_an_id_that_is_none_is_a_bad_frame(server: Place, alice: User) -> None:
    async with present(server, alice) as a:
        await a.refused("bad_frame", "delete", message=7)
        await a.refused("bad_frame", "delete")
