"""What SchoolChat itself wrote is disposed of with the rest, and deleted by nobody."""

from typing import Any
from unittest.mock import patch

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel, Message
from retention.workers.destroying import carry_out_approved
from tests.retention.conftest import PAST
from tests.retention.scenes import approved
from tests.roles import acting_as
from tests.scenes import channel_of, say
from tests.server import Server
from tests.sockets import Frame, connected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]


def _long_ago(alice: User, bob: User) -> Channel:
    with patch("messaging.services.positions.now", lambda: PAST):
        return channel_of(alice, bob)


def _dispose(hari: User, helen: User) -> None:
    approved(hari, helen)
    with acting_as("disposer"):
        carry_out_approved()


def _kinds(page: Frame) -> list[Any]:
    return [message["kind"] for message in page["messages"]]


async def test_an_open_client_is_told_to_read_anew_and_the_line_is_gone(
    server: Server, alice: User, bob: User, hari: User, helen: User
) -> None:
    channel = await sync_to_async(_long_ago)(alice, bob)
    await sync_to_async(say)(alice, channel, "Of today")
    line = await Message.objects.filter(channel=channel, kind="system").afirst()
    assert line is not None
    async with connected(server, alice) as owner, connected(server, bob) as member:
        for client in (owner, member):
            await client.hello()
            assert "system" in _kinds(await client.ask("fetch", channel=channel.id))
        refused = await owner.ask("delete", message=line.id)
        assert (refused["type"], refused["code"]) == ("error", "refused")
        assert "nobody can delete it" in str(refused)
        await sync_to_async(_dispose)(hari, helen)
        for client in (owner, member):
            await client.next("reset", channel=str(channel.id))
            assert _kinds(await client.ask("fetch", channel=channel.id)) == ["text"]
        gone = await owner.ask("delete", message=line.id)
        assert (gone["type"], gone["code"]) == ("error", "not_found")
    assert not await Message.objects.filter(pk=line.pk).aexists()
