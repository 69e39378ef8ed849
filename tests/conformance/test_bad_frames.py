"""Frames that are none: answered, stored nowhere, and no reason to close the socket."""

import json
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed

from accounts.models import User
from messaging.models import Channel, Message
from tests.conformance.tab import Tab, entered, present
from tests.sockets import Place

pytestmark = pytest.mark.django_db(transaction=True)

NOT_FRAMES = (
    "",
    "{",
    "null",
    "5",
    '"ping"',
    "[]",
    "[" * 10_000,
    "{}",
    '{"type": 5}',
    '{"type": null}',
    '{"type": ["ping"]}',
    '{"kind": "ping"}',
    '{"type": "ping", "t": NaN}',
    '{"type": "ping", "t": "\\ud800"}',
    '{"type": "ping"} {"type": "ping"}',
    "{'type': 'ping'}",
)


async def _fate(tab: Tab) -> object:
    """The code of the error that comes, or that the socket is closed with."""
    try:
        return (await tab.next("error", "sent")).get("code")
    except ConnectionClosed:
        return tab.socket.close_code


async def test_what_is_no_frame_is_answered_and_the_socket_stays(
    server: Place, alice: User
) -> None:
    async with entered(server, alice) as a:
        for text in NOT_FRAMES:
            await a.socket.send(text)
            error = await a.next("error", "pong")
            assert (error.get("code"), error.get("ref")) == ("bad_frame", None), text[:50]
        await a.answers()


async def test_a_binary_frame_is_no_frame(server: Place, channel: Channel, alice: User) -> None:
    frame = {"type": "send", "ref": str(uuid4()), "channel": str(channel.id), "body": "Binary"}
    async with present(server, alice) as a:
        for data in (b"", b"\xff\xfe{}", json.dumps(frame).encode()):
            await a.socket.send(data)
            assert (await a.next("error", "sent"))["code"] == "bad_frame"
        await a.answers()
    assert not await Message.objects.filter(kind="text").aexists()


async def test_text_that_is_not_utf_8_is_stored_nowhere(
    server: Place, channel: Channel, alice: User
) -> None:
    frame = {"type": "send", "ref": str(uuid4()), "channel": str(channel.id), "body": "§"}
    broken = json.dumps(frame, ensure_ascii=False).encode().replace("§".encode(), b"\xc3\x28")
    async with present(server, alice) as a:
        await a.socket.send(broken, text=True)
        assert await _fate(a) in {"bad_frame", 1007}
    assert not await Message.objects.filter(kind="text").aexists()


async def test_a_frame_in_pieces_is_one_frame(server: Place, channel: Channel, alice: User) -> None:
    ref = str(uuid4())
    frame = {"type": "send", "ref": ref, "channel": str(channel.id), "body": "tŷ 🦉"}
    data = json.dumps(frame, ensure_ascii=False).encode()
    async with present(server, alice) as a:
        # In the middle of a letter, too: only the whole has to be UTF-8.
        await a.socket.send([data[i : i + 1] for i in range(len(data))], text=True)
        sent = await a.next("sent", "error")
        await a.socket.send(iter([""] * 3 + ['{"type": "ping", ', "", '"t": 1}', ""]))
        assert (await a.next("pong", "error"))["t"] == 1
    assert (sent["ref"], sent["message"]["body"]) == (ref, "tŷ 🦉")


async def test_a_ping_between_the_pieces_is_answered_between_them(
    server: Place, alice: User
) -> None:
    async with entered(server, alice) as a:
        protocol = a.socket.protocol
        protocol.send_text(b'{"type": "ping", ', fin=False)
        protocol.send_ping(b"now?")
        protocol.send_continuation(b'"t": 2}', fin=True)
        a.socket.transport.write(b"".join(protocol.data_to_send()))
        assert (await a.next("pong", "error"))["t"] == 2


async def test_an_unknown_type_is_answered_with_its_ref(server: Place, alice: User) -> None:
    async with present(server, alice) as a:
        for kind in ("dance", "", "Ping", "welcome", "sent", "__init__", "close", "post"):
            await a.refused("unknown_type", kind)


async def test_unknown_fields_are_passed_over(server: Place, channel: Channel, alice: User) -> None:
    more = {"colour": "red", "id": 5, "author": str(uuid4()), "seq": 1, "sent_at": "1999"}
    async with entered(server, alice) as a:
        await a.say("hello", resume={}, **more)
        await a.next("welcome")
        sent = await a.send(channel.id, "Hello", **more)
        assert sent["message"]["author"]["id"] == str(alice.id)
        assert sent["message"]["seq"] == channel.head + 1
        assert "colour" not in sent["message"]
        assert (await a.ask("fetch", channel=channel.id, **more))["type"] == "changes"


async def test_an_error_carries_the_ref_of_what_it_refuses(
    server: Place, channel: Channel, alice: User, carol: User
) -> None:
    asked: dict[str, dict[str, Any]] = {
        "send": {"channel": channel.id, "body": "x"},
        "edit": {"message": uuid4(), "body": "x"},
        "delete": {"message": uuid4()},
        "fetch": {"channel": channel.id},
        "dance": {},
    }
    async with present(server, carol) as c:
        for kind, fields in asked.items():
            ref = str(uuid4())
            assert (await c.ask(kind, ref=ref, **fields))["ref"] == ref
        await c.socket.send('{"type": "dance", "ref": 5}')
        assert (await c.next("error"))["ref"] is None
