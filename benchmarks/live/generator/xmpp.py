"""XMPP's rooms: anonymous accounts, plain TCP. For ejabberd."""

import socket
from typing import Final
from urllib.parse import urlsplit

from benchmarks.live.generator.frames import DIGITS, MARK
from benchmarks.live.generator.members import Crowd, Member, Room

HOST: Final = "localhost"
_SECONDS: Final = 60.0
_OPEN: Final = (
    f"<stream:stream to='{HOST}' version='1.0' xmlns='jabber:client'"
    " xmlns:stream='http://etherx.jabber.org/streams'>"
)
_SIGN_IN: Final = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>"
_BIND: Final = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
_JOIN: Final = (
    "<presence to='{room}/n{port}'><x xmlns='http://jabber.org/protocol/muc'>"
    "<history maxstanzas='0'/></x></presence>"
)
_JOINED: Final = "code='110'"  # our own presence comes last (XEP-0045, 7.2)
_DELIVERY: Final = b"<body>" + MARK


def _room(name: str) -> str:
    return f"{name}@conference.{HOST}"


class Xmpp:
    """One anonymous session a person, in one room."""

    def open(self, url: str, _token: str, room: Room) -> Member:
        """Connect, sign in and join; waits for each answer."""
        parts = urlsplit(url)
        sock = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=_SECONDS)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        member = Member(sock, room)
        _ask(sock, _OPEN, "</stream:features>")
        _ask(sock, _SIGN_IN, "<success")
        _ask(sock, _OPEN, "</stream:features>")
        _ask(sock, _BIND, "</iq>")
        _ask(sock, _JOIN.format(room=_room(room.name), port=member.port), _JOINED)
        sock.setblocking(False)
        member.joined = True
        return member

    def writers(self, _crowd: Crowd, _url: str, room: Room, count: int) -> list[Member]:
        """The first of the room."""
        return room.members[:count]

    def template(self, channel: str, refs: str, characters: int, _token: str) -> bytes:
        """A message to the room."""
        body = f"number {0:08d} is a message of which nothing matters" + " but its length" * 600
        gapped = body[:characters].replace("0" * DIGITS, f"%0{DIGITS}d", 1)
        return (
            f"<message to='{_room(channel)}' type='groupchat' id='{refs}%012d'>"
            f"<body>{gapped}</body></message>"
        ).encode()

    def take(self, crowd: Crowd, member: Member, data: bytes) -> tuple[int, ...]:
        """Every member, the writer too, is sent the message by the room."""
        whole = member.rest + data
        found, end = [], 0
        at = whole.find(_DELIVERY)
        while at >= 0 and (end := at + len(_DELIVERY) + DIGITS) <= len(whole):
            found.append(int(whole[end - DIGITS : end]))
            at = whole.find(_DELIVERY, end)
        member.rest = whole[at:] if at >= 0 else whole[max(end, len(whole) - len(_DELIVERY)) :]
        if b"type='error'" in data:
            crowd.heard.note("error")
        return tuple(found)


def _ask(sock: socket.socket, question: str, until: str) -> None:
    sock.sendall(question.encode())
    heard = b""
    while until.encode() not in heard:
        data = sock.recv(65_536)
        if not data or b"<failure" in data:
            raise SystemExit(f"The server refused a session: {(heard + data)[-300:].decode()}")
        heard += data
