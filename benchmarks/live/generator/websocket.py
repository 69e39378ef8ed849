"""SchoolChat's own protocol, docs/reference/protocol.md."""

import base64
import os
import socket
from typing import Final
from urllib.parse import urlsplit

from benchmarks.live.generator.frames import (
    CLOSE,
    DIGITS,
    MARK,
    PING,
    PONG,
    TEXT,
    client_frame,
    whole_frames,
)
from benchmarks.live.generator.members import Crowd, Member, Room

#: How a delivery begins; the answer to the writer, `sent`, is none.
MESSAGE: Final = b'{"type":"message"'
HELLO: Final = client_frame(b'{"type":"hello","resume":{}}')
WELCOME: Final = b'{"type":"welcome"'
_KIND: Final = len(b'{"type":"')
_END_OF_HEAD: Final = b"\r\n\r\n"
_CONNECT_SECONDS: Final = 30.0


class Websocket:
    """One socket a person, with a token; members are let in by `welcome`."""

    def open(self, url: str, token: str, room: Room) -> Member:
        """Connect and ask for the upgrade; the answer is read later, with everything else."""
        parts = urlsplit(url)
        address = (parts.hostname or "", parts.port or 80)
        sock = socket.create_connection(address, timeout=_CONNECT_SECONDS)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(
            f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
            f"Authorization: Bearer {token}\r\n\r\n".encode()
        )
        sock.setblocking(False)
        return Member(sock, room)

    def writers(self, _crowd: Crowd, _url: str, room: Room, count: int) -> list[Member]:
        """The first of the room."""
        return room.members[:count]

    def template(self, channel: str, refs: str, characters: int, _token: str) -> bytes:
        """A `send` frame; `refs` is a UUID without its last twelve digits."""
        body = f"number {0:08d} is a message of which nothing matters" + " but its length" * 600
        gapped = body[:characters].replace("0" * DIGITS, f"%0{DIGITS}d", 1)
        payload = (
            f'{{"type":"send","ref":"{refs}%012d","channel":"{channel}","body":"{gapped}",'
            '"reply_to":null,"attachments":[]}'
        )
        filled = (payload % (0, 0)).encode()
        head = client_frame(filled)[: -len(filled)]
        return head.replace(b"%", b"%%") + payload.encode()

    def take(self, crowd: Crowd, member: Member, data: bytes) -> tuple[int, ...]:
        """Bytes that hold whole messages and nothing else are remembered for the next."""
        if not member.joined:
            self._shake_hands(crowd, member, data)
            return ()
        whole = member.rest + data
        found, end, pure = [], 0, not member.rest
        for opcode, start, end in whole_frames(whole):
            at = whole.find(MARK, start, end) if whole.startswith(MESSAGE, start) else -1
            if at >= 0:
                found.append(int(whole[at + len(MARK) : at + len(MARK) + DIGITS]))
            else:
                pure = False
                self._other(crowd, member, opcode, whole[start:end])
        member.rest = whole[end:]
        numbers = tuple(found)
        if pure and not member.rest:
            member.room.last, member.room.found = whole, numbers
        return numbers

    def _other(self, crowd: Crowd, member: Member, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            kind = payload[_KIND : payload.find(b'"', _KIND)].decode(errors="replace")
            crowd.heard.note(kind)
            if kind == "error" and not crowd.heard.error:
                crowd.heard.error = payload.decode(errors="replace")
        elif opcode == PING:
            crowd.write(member, client_frame(payload, PONG))
        elif opcode == CLOSE:
            crowd.heard.note(f"close {int.from_bytes(payload[:2], 'big')}")

    def _shake_hands(self, crowd: Crowd, member: Member, data: bytes) -> None:
        member.rest += data
        if member.rest.startswith(b"HTTP/"):
            head, mark, rest = member.rest.partition(_END_OF_HEAD)
            if not mark:
                return
            if b" 101 " not in head.partition(b"\r\n")[0]:
                raise SystemExit(f"The server refused a socket: {head[:200].decode()}")
            member.rest = rest
            crowd.write(member, HELLO)
        if any(member.rest.startswith(WELCOME, each.start) for each in whole_frames(member.rest)):
            crowd.welcome(member)
            self.take(crowd, member, b"")
