"""`edit`: other words for one's own message, within a day."""

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from audit.clock import now
from messaging.models import Channel, Message
from messaging.services.channels import archive_channel
from messaging.services.messages import delete_message, edit_message
from tests.conformance.scenes import history
from tests.conformance.tab import present
from tests.scenes import say
from tests.sockets import Place

pytestmark = pytest.mark.django_db(transaction=True)


async def test_an_edit_is_done_and_everybody_hears_it(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b:
        sent = (await a.send(channel.id, "At *too*"))["message"]
        done = await a.ask("edit", message=sent["id"], body="At **two**")
        own = await a.next("changed")
        heard = await b.next("changed")
    assert done["type"] == "done"
    edited = heard["message"]
    assert edited == own["message"]
    assert edited["html"] == "<p>At <strong>two</strong></p>"
    assert edited["edited_at"] >= edited["sent_at"]
    assert edited["changed"] == heard["upto"] > heard["since"]
    kept = ("id", "seq", "ref", "author", "sent_at", "kind", "reply_to", "deleted_at")
    assert [edited[name] for name in kept] == [sent[name] for name in kept]


async def test_a_job_s_edit_is_heard_like_any_other(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    message = await sync_to_async(say)(alice, channel, "From a job")
    async with present(server, bob) as b:
        await sync_to_async(edit_message)(author=alice, message_id=message.id, body="Mended")
        assert (await b.next("changed"))["message"]["body"] == "Mended"


async def test_done_is_said_once_it_is_stored(server: Place, channel: Channel, alice: User) -> None:
    message = await sync_to_async(say)(alice, channel, "Before")
    async with present(server, alice) as a:
        await a.ask("edit", message=message.id, body="After")
        assert await Message.objects.filter(id=message.id, version=2).aexists()


async def test_only_its_author_edits_a_message(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    message = await sync_to_async(say)(bob, channel, "Mine")
    async with present(server, alice) as a:
        await a.refused("refused", "edit", message=message.id, body="Ours")


async def test_what_the_product_wrote_is_nobody_s_to_edit(
    server: Place, channel: Channel, alice: User
) -> None:
    created = await Message.objects.aget(channel=channel, kind="system")
    async with present(server, alice) as a:
        await a.refused("refused", "edit", message=created.id, body="I did not")


async def test_what_cannot_be_sent_cannot_be_edited_in(
    server: Place, channel: Channel, alice: User
) -> None:
    message = await sync_to_async(say)(alice, channel, "Words")
    async with present(server, alice) as a:
        await a.refused("empty", "edit", message=message.id, body=" ")
        await a.refused("too_long", "edit", message=message.id, body="ŷ" * 8_001)
        await a.refused("bad_frame", "edit", message=message.id, body=5)
        await a.refused("bad_frame", "edit", message="x", body="Words")


async def test_what_is_deleted_archived_or_old_stays_as_it_is(
    server: Place, channel: Channel, alice: User
) -> None:
    deleted, archived = [await sync_to_async(say)(alice, channel, word) for word in ("One", "Two")]
    await sync_to_async(delete_message)(by=alice, message_id=deleted.id)
    await sync_to_async(history)(alice, channel, 1, at=now() - timedelta(days=3))
    old = await Message.objects.filter(channel=channel).order_by("sent_at").afirst()
    assert old
    async with present(server, alice) as a:
        await a.refused("not_found", "edit", message=deleted.id, body="Back")
        await a.refused("refused", "edit", message=old.id, body="Newer")
        await sync_to_async(archive_channel)(by=alice, channel_id=channel.id)
        await a.refused("read_only", "edit", message=archived.id, body="Too late")
