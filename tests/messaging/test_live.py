"""The websocket against a real server: what the protocol promises."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
import websockets
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel, Message
from messaging.services.channels import add_member, archive_channel, remove_member
from messaging.services.messages import edit_message
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
