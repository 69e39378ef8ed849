"""A web process whose listening connection is swallowed: its people hear of everything."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from accounts.services.people import deactivate_person
from messaging.services.messages import edit_message
from tests.faults.product import until
from tests.faults.proxy import proxied_database
from tests.faults.web import web_processes
from tests.scenes import channel_of, say
from tests.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)

LOST_WITHIN_SECONDS = 1.5
#: A question each half second, and the reading of what it found.
HEARD_WITHIN_SECONDS = 1.5
LISTENING = b"LISTEN"


async def test_messages_and_ended_sessions_arrive_while_a_process_hears_nothing(
    transactional_db: None, alice: User, bob: User, theo: User
) -> None:
    """Its pool works, and its listener is swallowed again and again."""
    channel = await sync_to_async(channel_of)(alice, bob)
    with proxied_database() as proxied:
        with web_processes("uvicorn", DATABASE_URL=proxied.url) as web:
            async with connected(web, bob) as his:
                await his.hello()
                await asyncio.to_thread(until, lambda: bool(proxied.proxy.links(LISTENING)))
                proxied.proxy.pause(LISTENING)
                await asyncio.sleep(LOST_WITHIN_SECONDS)
                for number in range(3):
                    message = await sync_to_async(say)(alice, channel, f"Unheard {number}")
                    heard = await his.next("message", within=HEARD_WITHIN_SECONDS)
                    assert heard["message"]["id"] == str(message.id)
                await sync_to_async(edit_message)(author=alice, message_id=message.id, body="Other")
                changed = await his.next("changed", within=HEARD_WITHIN_SECONDS)
                assert changed["message"]["body"] == "Other"
                proxied.proxy.forward()
                await sync_to_async(say)(alice, channel, "Heard or asked")
                await his.next("message", within=HEARD_WITHIN_SECONDS)
                proxied.proxy.pause(LISTENING)
                await asyncio.sleep(LOST_WITHIN_SECONDS)
                await sync_to_async(deactivate_person)(by=theo, person_id=bob.id)
                assert await his.closed(within=HEARD_WITHIN_SECONDS) == 4403
