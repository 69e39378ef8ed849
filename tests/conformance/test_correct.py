"""`correct`: a note under a message, which stays as it is."""

from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel
from messaging.services.channels import archive_channel
from messaging.services.corrections import correct_record
from tests.conformance.tab import present
from tests.sockets import Place

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_correction_is_done_and_everybody_hears_it(
    server: Place, channel: Channel, alice: User, bob: User, priya: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b:
        sent = (await a.send(channel.id, "Sam was late"))["message"]
        assert sent["corrections"] == []
        assert (await a.ask("correct", message=sent["id"], body="A little"))["type"] == "done"
        heard = await b.next("changed")
        await sync_to_async(correct_record)(
            by=priya, message_id=sent["id"], body="On time", reason="request", reference="R 4"
        )
        again = await b.next("changed", since=heard["upto"])
        fetched = await b.ask("fetch", channel=channel.id, around=sent["id"])
    assert heard["upto"] == heard["since"] + 1
    (first,) = heard["message"]["corrections"]
    assert (first["body"], first["author"]["id"]) == ("A little", str(alice.id))
    assert [one["body"] for one in again["message"]["corrections"]] == ["A little", "On time"]
    assert "R 4" not in str(again)
    assert {"request", "own"}.isdisjoint(str(again).split("'"))
    assert again["message"] in fetched["messages"]
    assert again["message"]["edited_at"] is None


async def test_what_is_not_ones_own_gone_closed_or_empty_is_refused(
    server: Place, channel: Channel, alice: User, bob: User, carol: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b, present(server, carol) as c:
        sent = (await a.send(channel.id, "Sam was late"))["message"]["id"]
        await b.refused("refused", "correct", message=sent, body="No")
        await c.refused("not_found", "correct", message=sent, body="No")
        await a.refused("not_found", "correct", message=uuid4(), body="No")
        await a.refused("empty", "correct", message=sent, body=" ")
        await a.refused("too_long", "correct", message=sent, body="x" * 2_001)
        await a.refused("bad_frame", "correct", message=sent)
        await sync_to_async(archive_channel)(by=alice, channel_id=channel.id)
        await a.refused("read_only", "correct", message=sent, body="No")
