"""A body that somebody altered behind the product's back: it is said, and nothing else suffers."""

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from accounts.models import User
from messaging.models import Channel
from tests.conformance.tab import present
from tests.roles import acting_as
from tests.sockets import Place

pytestmark = pytest.mark.django_db(transaction=True)


def _spoil(message_id: str) -> None:
    """What somebody with the server's superuser can do to a body."""
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE messaging_messageversion SET sealed = set_byte(sealed, 40, 0) "
            "WHERE message_id = %s",
            [message_id],
        )
        cursor.execute("SET session_replication_role = origin")


async def test_a_body_that_does_not_open_takes_nothing_else_with_it(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b:
        first = await a.send(channel.id, "Altered in a moment")
        await b.hears("Altered in a moment")
        await sync_to_async(_spoil)(first["message"]["id"])
        await a.send(channel.id, "Still here")
        await b.hears("Still here")
        page = await b.ask("fetch", channel=channel.id, limit=2)
    assert "cannot be shown" in page["messages"][0]["html"]
    assert page["messages"][1]["body"] == "Still here"
