"""A websocket at the level of bytes: for crowds, since it costs little, and for what no library
would send. Nothing is read before it is asked for."""

import asyncio
import base64
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import orjson

from tests.sockets import Frame

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_TAKEN_IN_BYTES = 65_536


class Closed(Exception):
    """The socket is gone; `code` is that of the close frame, None where there was none."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


def framed(data: str | bytes, *, opcode: int = TEXT, last: bool = True) -> bytes:
    """A frame of a client, masked with zeros (RFC 6455, 5.2)."""
    data = data.encode() if isinstance(data, str) else data
    first = (opcode | 0x80 if last else opcode).to_bytes(1)
    if len(data) < 126:
        return first + (0x80 | len(data)).to_bytes(1) + bytes(4) + data
    if len(data) < 1 << 16:
        return first + b"\xfe" + len(data).to_bytes(2) + bytes(4) + data
    return first + b"\xff" + len(data).to_bytes(8) + bytes(4) + data


def handshake(address: str, headers: Mapping[str, str]) -> bytes:
    """What a client says first."""
    where = urlsplit(address)
    lines = {
        "Host": where.netloc,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        **headers,
    }
    said = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET {where.path} HTTP/1.1\r\n{said}\r\n".encode()


class Wire:
    """An open websocket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def write(self, data: bytes) -> None:
        """Bytes as they are."""
        self._writer.write(data)

    async def drained(self) -> None:
        """The server has taken most of what was written."""
        await self._writer.drain()

    def say(self, kind: str, **fields: Any) -> str:
        """A frame of the protocol; returns its `ref`."""
        ref = str(fields.pop("ref", uuid4()))
        self.write(framed(orjson.dumps({"type": kind, "ref": ref, **fields}, default=str)))
        return ref

    async def receive(self) -> Frame:
        """The next frame of the protocol; raises Closed."""
        while True:
            opcode, data = await self._frame()
            if opcode == TEXT:
                frame: Frame = orjson.loads(data)
                return frame
            if opcode == PING:
                self.write(framed(data, opcode=PONG))
            if opcode == CLOSE:
                raise Closed(int.from_bytes(data[:2]) or None)

    async def next(self, *kinds: str, within: float = 10, **fields: Any) -> Frame:
        """The next frame of these kinds with these fields; others are passed over."""
        async with asyncio.timeout(within):
            while True:
                frame = await self.receive()
                if frame["type"] in kinds and fields.items() <= frame.items():
                    return frame

    async def ask(self, kind: str, **fields: Any) -> Frame:
        """Say it, and wait for the answer with its `ref`."""
        ref = self.say(kind, **fields)
        return await self.next("sent", "done", "changes", "error", ref=ref)

    async def answers(self, within: float = 10) -> None:
        """Whoever is at the other end takes frames and answers them."""
        token = str(uuid4())
        self.say("ping", t=token)
        await self.next("pong", t=token, within=within)

    async def closed(self, within: float = 10) -> int | None:
        """The code that the socket is closed with, whatever comes before it."""
        async with asyncio.timeout(within):
            while True:
                try:
                    await self.receive()
                except Closed as closed:
                    return closed.code

    async def _frame(self) -> tuple[int, bytes]:
        try:
            first, length = await self._reader.readexactly(2)
            if length == 126:
                length = int.from_bytes(await self._reader.readexactly(2))
            elif length == 127:
                length = int.from_bytes(await self._reader.readexactly(8))
            return first & 0x0F, await self._reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError):
            raise Closed(None) from None


@asynccontextmanager
async def wired(
    address: str, headers: Mapping[str, str], *, takes_in: int | None = None
) -> AsyncIterator[Wire]:
    """A websocket; with `takes_in`, the kernel keeps no more than about so many unread bytes.

    Raises OSError where nobody answers, Closed where the handshake breaks off.
    """
    async with connection_to(address, takes_in=takes_in) as (reader, writer):
        writer.write(handshake(address, headers))
        try:
            answer = await reader.readuntil(b"\r\n\r\n")
        except (OSError, asyncio.IncompleteReadError):
            raise Closed(None) from None
        if not answer.startswith(b"HTTP/1.1 101 "):
            raise Closed(None)
        yield Wire(reader, writer)


@asynccontextmanager
async def connection_to(
    address: str, *, takes_in: int | None = None
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection on which nothing was said yet; cut off at the end."""
    where = urlsplit(address)
    sock = socket.socket()
    sock.setblocking(False)
    if takes_in:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes_in)
    try:
        await asyncio.get_running_loop().sock_connect(sock, (where.hostname, where.port))
    except BaseException:
        sock.close()
        raise
    reader, writer = await asyncio.open_connection(sock=sock, limit=takes_in or _TAKEN_IN_BYTES)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


def bearer(token: str) -> dict[str, str]:
    """The headers of a program."""
    return {"Authorization": f"Bearer {token}"}
