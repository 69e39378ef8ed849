"""Bytes that no client should send: whoever sends them is answered or let go, and nobody else
notices."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel
from tests.faults.scenes import counted, entered, headers_of, memory_of
from tests.faults.web import Web
from tests.faults.wire import BINARY, PING, Closed, Wire, connection_to, framed, handshake
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)

FRAME_BYTES = 256 * 1024
JUNK = ("{", '{"type": "dance"}', '{"type": "ping", "t": 1}', "null")
MUCH = 10_000
SILENT = 20
RESERVED = 3


def ping_of(size: int) -> bytes:
    """A ping of exactly so many bytes."""
    return b'{"type":"ping","t":"' + b"x" * (size - 22) + b'"}'


#: Each with what comes of it: a type of frame, a code of an error, or the code of the close.
BAD: dict[str, tuple[bytes, str | int]] = {
    "as long as may be": (framed(ping_of(FRAME_BYTES)), "pong"),
    "a byte longer": (framed(ping_of(FRAME_BYTES + 1)), 1009),
    "longer than any memory": (b"\x81\xff" + (2**62).to_bytes(8) + bytes(4), 1009),
    "too long in pieces": (
        framed(ping_of(FRAME_BYTES + 1)[:200_000], last=False)
        + framed(ping_of(FRAME_BYTES + 1)[200_000:], opcode=0),
        1009,
    ),
    "binary": (framed(b"\x00\x01", opcode=BINARY), "bad_frame"),
    "not UTF-8": (framed(b'{"type": "\xc3\x28"}'), 1007),
    "not UTF-8 in pieces": (
        framed(b'{"type": "\xc3', last=False) + framed(b'\x28"}', opcode=0),
        1007,
    ),
    "not masked": (b"\x81\x02{}", 1002),
    "of no known kind": (framed("{}", opcode=RESERVED), 1002),
    "a long ping": (framed("x" * 126, opcode=PING), 1002),
    "a ping in pieces": (framed("x", opcode=PING, last=False), 1002),
    "a piece of nothing": (framed("x", opcode=0), 1002),
}


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User, dana: User) -> Channel:
    return channel_of(alice, bob, dana)


async def _fate(wire: Wire) -> str | int | None:
    try:
        frame = await wire.next("error", "pong")
    except Closed as closed:
        return closed.code
    return str(frame.get("code") or frame["type"])


async def _works(author: User, channel: Channel, *readers: Wire) -> None:
    """A message reaches these sockets, and soon."""
    message = await sync_to_async(say)(author, channel, "Still here?")
    for reader in readers:
        async with asyncio.timeout(2):  # the channel's own making may be heard as well
            while (await reader.next("message"))["message"]["id"] != str(message.id):
                pass


async def test_bad_frames_are_answered_or_end_their_own_socket_alone(
    strict: Web, channel: Channel, alice: User, bob: User, dana: User
) -> None:
    fates = {}
    async with entered(strict, bob) as other:
        for name, (data, _) in BAD.items():
            async with entered(strict, dana) as wire:
                wire.write(data)
                fates[name] = await _fate(wire)
            await _works(alice, channel, other)
    assert fates == {name: fate for name, (_, fate) in BAD.items()}


async def test_who_sends_what_is_too_long_is_counted(pair: Web, dana: User) -> None:
    one, closed = pair.at(0), 'closed_total{code="1009"}'
    before = counted(one, closed)
    async with entered(one, dana) as wire:
        wire.write(BAD["a byte longer"][0])
        assert await _fate(wire) == 1009
    assert counted(one, closed) == before + 1


async def test_ten_thousand_junk_frames_are_refused_and_hold_nobody_up(
    strict: Web, channel: Channel, alice: User, bob: User, dana: User
) -> None:
    held = memory_of(strict)
    answers: Counter[str] = Counter()
    async with entered(strict, bob) as other, entered(strict, dana) as wire:
        for number in range(MUCH):
            wire.write(framed(JUNK[number % len(JUNK)]))
        while answers.total() < MUCH:
            answers[str(await _fate(wire))] += 1
            if answers.total() % 1_000 == 0:
                await _works(alice, channel, other)
        await wire.answers()
    assert answers.keys() == {"bad_frame", "unknown_type", "too_fast", "pong"}
    assert answers["too_fast"] > answers["pong"]
    # A server that reads quickly has all of them in hand at once, at two kilobytes each.
    assert memory_of(strict) - held < 4_000 * MUCH


async def test_who_falls_silent_in_the_middle_of_something_holds_nobody_up(
    strict: Web, channel: Channel, alice: User, bob: User, dana: User
) -> None:
    frame = framed('{"type": "ping", "t": "whole"}')
    headers = await headers_of(dana)
    async with AsyncExitStack() as stack:
        for cut in range(SILENT):
            _, writer = await stack.enter_async_context(connection_to(strict.websocket))
            hello = handshake(strict.websocket, headers)
            writer.write(hello[: len(hello) * cut // SILENT])
        halves = [await stack.enter_async_context(entered(strict, dana)) for _ in range(SILENT)]
        for cut, wire in enumerate(halves):
            wire.write(frame[: 1 + cut])
        async with entered(strict, bob) as other:
            for _ in range(3):
                await _works(alice, channel, other, *halves)
            await other.answers(within=2)
        for cut, wire in enumerate(halves):
            wire.write(frame[1 + cut :])
            assert (await wire.next("pong"))["t"] == "whole"
