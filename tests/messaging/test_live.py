"""The websocket against a real server: what the protocol promises."""

import asyncio
import json
from collections.abc import Iterator
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import websockets
from asgiref.sync import sync_to_async
from django.db import OperationalError, connection, transaction

from accounts.models import ApiToken, User
from accounts.services.tokens import create_token
from audit.clock import now
from messaging import bell
from messaging.imports.whatsapp.parse import parse
from messaging.live.listening import Listener
from messaging.live.threads import in_thread
from messaging.models import Channel, Message
from messaging.services.channels import add_member, archive_channel, remove_member
from messaging.services.imports import import_whatsapp
from messaging.services.messages import edit_message
from tests.roles import acting_as
from tests.scenes import channel_of, say
from tests.server import Server, serving
from tests.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(transactional_db: None) -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


def spoil(message_id: str) -> None:
    """What somebody with the server's superuser can do to a body."""
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE messaging_messageversion SET sealed = set_byte(sealed, 40, 0) "
            "WHERE message_id = %s",
            [message_id],
        )
        cursor.execute("SET session_replication_role = origin")


@transaction.atomic
def ring_once() -> None:
    bell.ring((uuid4(), 1))


async def test_a_message_reaches_the_other_member(
    server: Server, channel: Channel, alice: User, bob: User
) -> None:
    async with connected(server, alice) as a, connected(server, bob) as b:
        welcome = await a.hello()
        await b.hello()
        sent = await a.send(channel.id, "Fire drill at **2**")
        heard = await b.next("message")

    assert [c["name"] for c in welcome["channels"]] == ["Year 5"]
    assert heard["message"]["id"] == sent["message"]["id"]
    assert heard["message"]["html"] == "<p>Fire drill at <strong>2</strong></p>"
    assert heard["since"] == heard["upto"] - 1 == welcome["channels"][0]["last"]


async def test_a_change_made_outside_the_web_process_is_heard(
    server: Server, channel: Channel, alice: User, bob: User
) -> None:
    async with connected(server, bob) as b:
        await b.hello()
        message = await sync_to_async(say)(alice, channel, "From a job")
        assert (await b.next("message"))["message"]["body"] == "From a job"
        await sync_to_async(edit_message)(author=alice, message_id=message.id, body="Mended")
        changed = await b.next("changed")
    assert changed["message"]["body"] == "Mended"
    assert changed["message"]["edited_at"]


async def test_the_same_ref_twice_is_answered_twice_and_stored_once(
    server: Server, channel: Channel, alice: User
) -> None:
    ref = uuid4()
    async with connected(server, alice) as a:
        await a.hello()
        first = await a.send(channel.id, "Once", ref=ref)
        again = await a.send(channel.id, "Once", ref=ref)
    assert first["message"]["id"] == again["message"]["id"]
    assert await Message.objects.filter(ref=ref).acount() == 1


async def test_a_client_that_was_away_catches_up_from_its_position(
    server: Server, channel: Channel, alice: User, bob: User
) -> None:
    async with connected(server, bob) as b:
        position = (await b.hello())["channels"][0]["last"]
    await sync_to_async(say)(alice, channel, "While you were out")
    async with connected(server, bob) as b:
        await b.hello(**{str(channel.id): position})
        changes = await b.next("changes")
    assert changes["since"] == position
    assert [m["body"] for m in changes["messages"]] == ["While you were out"]


async def test_a_removed_member_hears_nothing_after_the_removal(
    server: Server, channel: Channel, alice: User, bob: User
) -> None:
    async with connected(server, bob) as b:
        await b.hello()
        await sync_to_async(remove_member)(by=alice, channel_id=channel.id, person=bob)
        left = await b.next("channel")
        await sync_to_async(say)(alice, channel, "Without Bob")
        refused = await b.send(channel.id, "Hello?")
    assert left["action"] == "left"
    assert refused["code"] == "not_a_member"
    assert not [f for f in b.seen if f["type"] == "message"]


async def test_a_new_member_is_told_of_the_channel(
    server: Server, channel: Channel, alice: User, carol: User
) -> None:
    async with connected(server, carol) as c:
        await c.hello()
        await sync_to_async(add_member)(by=alice, channel_id=channel.id, person=carol)
        joined = await c.next("channel")
    assert (joined["action"], joined["channel"]["id"]) == ("joined", str(channel.id))


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "bad_frame"),
        ("[]", "bad_frame"),
        ('{"type": 5}', "bad_frame"),
        ('{"type": "dance"}', "unknown_type"),
        ('{"type": "send", "ref": "x", "channel": "y"}', "bad_frame"),
    ],
)
async def test_a_bad_frame_is_answered_and_the_socket_stays(
    server: Server, alice: User, frame: str, code: str
) -> None:
    async with connected(server, alice) as a:
        await a.socket.send(frame)
        assert (await a.next("error"))["code"] == code
        await a.say("ping", t=1)
        assert (await a.next("pong"))["t"] == 1


async def test_binary_and_invalid_utf8_are_refused_and_nothing_is_stored(
    server: Server, channel: Channel, alice: User
) -> None:
    async with connected(server, alice) as a:
        await a.socket.send(b"\xff\xfe{}")
        assert (await a.next("error"))["code"] == "bad_frame"
    assert not await Message.objects.filter(kind="text").aexists()


async def test_a_stranger_gets_nothing_of_a_channel(
    server: Server, channel: Channel, alice: User, carol: User
) -> None:
    message = await sync_to_async(say)(alice, channel, "Private")
    own = await sync_to_async(channel_of)(carol, name="Carol's")
    async with connected(server, carol) as c:
        await c.hello()
        assert (await c.send(channel.id, "Let me in"))["code"] == "not_a_member"
        for asked in ({"after": 0}, {"before": message.id}, {"around": message.id}, {}):
            await c.say("fetch", channel=channel.id, **asked)
            assert (await c.next("error", "changes"))["code"] == "not_a_member"
        await c.say("fetch", channel=own.id, around=message.id)
        assert (await c.next("error", "changes"))["code"] == "not_found"
        for verb in ("edit", "delete"):
            await c.say(verb, message=message.id, body="Mine now")
            assert (await c.next("error", "done"))["code"] == "not_found"
        await c.say("typing", channel=channel.id)
        await c.say("ping", t=1)
        await c.next("pong")


async def test_pages_before_and_around_a_message_move_no_position(
    server: Server, channel: Channel, alice: User
) -> None:
    posted = [await sync_to_async(say)(alice, channel, f"Line {n}") for n in range(7)]
    async with connected(server, alice) as a:
        await a.hello()
        await a.say("fetch", channel=channel.id, limit=3)
        newest = await a.next("changes")
        await a.say("fetch", channel=channel.id, before=posted[4].id, limit=3)
        before = await a.next("changes")
        await a.say("fetch", channel=channel.id, around=posted[3].id, limit=3)
        around = await a.next("changes")
    assert [m["body"] for m in newest["messages"]] == ["Line 4", "Line 5", "Line 6"]
    assert (newest["since"], newest["upto"]) == (0, posted[6].changed)
    assert [m["body"] for m in before["messages"]] == ["Line 1", "Line 2", "Line 3"]
    assert (before["since"], before["upto"]) == (None, None)
    assert "Line 3" in [m["body"] for m in around["messages"]]


async def test_typing_is_passed_to_the_other_members_only(
    server: Server, channel: Channel, alice: User, bob: User
) -> None:
    async with connected(server, alice) as a, connected(server, bob) as b:
        await a.hello()
        await b.hello()
        await a.say("typing", channel=channel.id)
        typing = await b.next("typing")
    assert typing == {"type": "typing", "channel": str(channel.id), "user": str(alice.id)}
    assert not [f for f in a.seen if f["type"] == "typing"]


async def test_a_socket_without_a_session_is_closed_with_4401(server: Server) -> None:
    async with websockets.connect(
        server.websocket, additional_headers={"Origin": server.url}
    ) as socket:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4401


async def test_a_page_of_another_site_cannot_open_a_socket(server: Server, alice: User) -> None:
    with pytest.raises(websockets.InvalidStatus):
        async with websockets.connect(
            server.websocket, additional_headers={"Origin": "https://elsewhere.example"}
        ):
            pass


async def test_a_frame_over_256_kib_closes_with_1009(server: Server, alice: User) -> None:
    async with connected(server, alice) as a:
        await a.socket.send(json.dumps({"type": "ping", "t": "x" * 257 * 1024}))
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await a.next("pong")
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1009


async def test_members_are_told_that_a_channel_was_archived(
    server: Server, channel: Channel, alice: User, bob: User
) -> None:
    async with connected(server, bob) as b:
        await b.hello()
        await sync_to_async(archive_channel)(by=alice, channel_id=channel.id)
        told = await b.next("channel")
        refused = await b.send(channel.id, "Too late")
    assert (told["action"], told["channel"]["archived"]) == ("archived", True)
    assert refused["code"] == "read_only"


async def test_a_body_that_does_not_open_takes_nothing_else_with_it(
    server: Server, channel: Channel, alice: User, bob: User
) -> None:
    async with connected(server, alice) as a, connected(server, bob) as b:
        await a.hello()
        await b.hello()
        first = await a.send(channel.id, "Altered in a moment")
        await b.next("message")
        await sync_to_async(spoil)(first["message"]["id"])
        await a.send(channel.id, "Still here")
        heard = await b.next("message")
        await b.say("fetch", channel=channel.id, limit=2)
        page = await b.next("changes", "error")
    assert heard["message"]["body"] == "Still here"
    assert "cannot be shown" in page["messages"][0]["html"]
    assert page["messages"][1]["body"] == "Still here"


async def test_a_token_that_ends_by_itself_closes_its_socket(
    server: Server, channel: Channel, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.live.hub._CHECK_SECONDS", 0.1)
    made = await sync_to_async(create_token)(by=alice, person=alice, name="script")
    headers = {"Authorization": f"Bearer {made.secret}"}
    async with websockets.connect(server.websocket, additional_headers=headers) as socket:
        await socket.send('{"type": "hello"}')
        await socket.recv()
        await ApiToken.objects.filter(pk=made.token.pk).aupdate(expires_at=now())
        with pytest.raises(websockets.ConnectionClosed) as closed:
            async with asyncio.timeout(3):
                await socket.recv()
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4403


async def test_a_large_import_ends_with_one_reset(
    server: Server, channel: Channel, alice: User, bob: User
) -> None:
    lines = "".join(f"09/01/2026, 07:30 - Nadia: Line {n}\n" for n in range(450))
    export = parse(lines.encode(), file_name="chat.txt", date_order="dmy")
    async with connected(server, bob) as b:
        await b.hello()
        await sync_to_async(import_whatsapp)(
            export, channel=channel, by=alice, timezone=ZoneInfo("Europe/London")
        )
        await b.next("reset")
        await sync_to_async(say)(alice, channel, "After the import")
        await b.next("message")
    assert [frame["type"] for frame in b.seen].count("reset") == 1


async def test_the_listener_begins_again_when_catching_up_fails(transactional_db: None) -> None:
    heard, listening = asyncio.Event(), asyncio.Event()
    failures = [OperationalError("too many connections"), ZeroDivisionError()]

    async def missed() -> None:
        if failures:
            raise failures.pop()
        listening.set()

    listener = Listener(lambda _bell: heard.set(), missed)
    listener.start()
    try:
        async with asyncio.timeout(10):
            await listening.wait()
            await in_thread(ring_once)
            await heard.wait()
    finally:
        await listener.stop()
