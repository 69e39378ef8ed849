"""Matrix's client protocol: everybody polls `/sync`, messages go in by PUT. For Synapse.

A member's `rest` is an answer whose end has not come yet. Writers have connections of their own,
since a poll occupies the one that it is on.
"""

import json
import re
import socket
from typing import Final
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from benchmarks.live.generator.frames import DIGITS, MARK
from benchmarks.live.generator.members import Crowd, Member, Room

_SECONDS: Final = 60.0
_POLL_MS: Final = 30_000
_FILTER: Final = quote(
    json.dumps(
        {
            "presence": {"types": []},
            "room": {"ephemeral": {"types": []}, "state": {"lazy_load_members": True}},
        }
    )
)
_ROOMS: Final = "/_matrix/client/v3/rooms"
_SYNC: Final = f"/_matrix/client/v3/sync?set_presence=offline&filter={_FILTER}"
_NUMBER: Final = "@" * DIGITS  # where a message's number comes
_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_LAST_CHUNK: Final = b"0\r\n\r\n"
_NEXT: Final = re.compile(rb'"next_batch":"([^"]+)"')
_DELIVERY: Final = re.compile(rb'"body":"' + MARK + rb"(\d{%d})" % DIGITS)


class Matrix:
    """One poll a person. All begin at the position that the first of them is given."""

    def __init__(self) -> None:
        self._since = ""
        self._polls: dict[int, str] = {}  # by socket, what it asks again and again

    def open(self, url: str, token: str, room: Room) -> Member:
        """Connect and ask for what comes."""
        if not self._since:
            self._since = _first_position(url, token)
        member = Member(_connect(url), room)
        path = f"{_SYNC}&timeout={_POLL_MS}&since=".replace("%", "%%")
        self._polls[member.fd] = f"GET {path}%s HTTP/1.1\r\n{_head(token)}\r\n"
        member.sock.send((self._polls[member.fd] % self._since).encode())
        member.joined = True
        return member

    def writers(self, crowd: Crowd, url: str, room: Room, count: int) -> list[Member]:
        """So many more connections, all of the account that the template names."""
        found = [Member(_connect(url), room) for _ in range(count)]
        for member in found:
            crowd.listen(member)
        return found

    def template(self, channel: str, refs: str, characters: int, token: str) -> bytes:
        """The number is in the path, so that the request is told apart from others."""
        text = f"{MARK.decode()}{_NUMBER} is a message of which nothing matters"
        body = json.dumps({"msgtype": "m.text", "body": text.ljust(characters, ".")})
        path = f"{_ROOMS}/{quote(channel)}/send/m.room.message/{refs}{_NUMBER}"
        head = f"Content-Length: {len(body)}\r\n{_head(token)}"
        request = f"PUT {path} HTTP/1.1\r\n{head}\r\n{body}"
        return request.replace("%", "%%").replace(_NUMBER, f"%0{DIGITS}d").encode()

    def take(self, crowd: Crowd, member: Member, data: bytes) -> tuple[int, ...]:
        """What whole answers hold; a poll that was answered is asked again."""
        member.rest += data
        head, _, rest = member.rest.partition(b"\r\n\r\n")
        body = _body(head, rest)
        if body is None:
            return ()
        member.rest = b""
        if b" 200 " not in head.partition(b"\r\n")[0]:
            crowd.heard.note("error")
            crowd.heard.error = crowd.heard.error or body[:200].decode(errors="replace")
        poll, position = self._polls.get(member.fd), _NEXT.search(body)
        if poll and position:
            crowd.write(member, (poll % position[1].decode()).encode())
        return tuple(int(number) for number in _DELIVERY.findall(body))


def _body(head: bytes, rest: bytes) -> bytes | None:
    """An answer's body; None until it is there as a whole."""
    if length := _LENGTH.search(head):
        return rest if len(rest) >= int(length[1]) else None
    if not rest.endswith(_LAST_CHUNK):
        return None
    parts, at = [], 0
    while size := int(rest[at : (end := rest.index(b"\r\n", at))], 16):
        parts.append(rest[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(parts)


def _head(token: str) -> str:
    return f"Host: localhost\r\nAuthorization: Bearer {token}\r\n"


def _connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    sock = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=_SECONDS)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setblocking(False)
    return sock


def _first_position(url: str, token: str) -> str:
    parts = urlsplit(url)
    address = f"http://{parts.netloc}{_SYNC}&timeout=0"
    request = Request(address, headers={"Authorization": f"Bearer {token}"})
    with urlopen(request, timeout=_SECONDS) as answer:
        position: str = json.load(answer)["next_batch"]
    return position
