"""Websocket frames as the generator needs them: whole, unfragmented, of a known server."""

from collections.abc import Iterator
from typing import Final, NamedTuple

TEXT: Final = 0x1
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA
#: What stands before a message's number in its body. No Markdown, so that it stays as it is.
MARK: Final = b"number "
DIGITS: Final = 8
_LAST = 0x80
_MASKED = 0x80
_NO_MASK = b"\0\0\0\0"  # masking with zeros changes nothing, and is as good to any server
_COMPRESSED = 0x40


class Frame(NamedTuple):
    """A frame's kind and where its payload lies in the bytes that were read."""

    opcode: int
    start: int
    end: int


def client_frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """A frame from a client, ready to be written."""
    size = len(payload)
    if size < 126:
        length = bytes([_MASKED | size])
    elif size < 65_536:
        length = bytes([_MASKED | 126]) + size.to_bytes(2, "big")
    else:
        length = bytes([_MASKED | 127]) + size.to_bytes(8, "big")
    return bytes([_LAST | opcode]) + length + _NO_MASK + payload


def whole_frames(data: bytes) -> Iterator[Frame]:
    """The frames that lie complete in `data`; the end of the last is where the rest begins."""
    at, size = 0, len(data)
    while size - at >= 2:
        length, start = data[at + 1], at + 2
        if length == 126:
            length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
        elif length == 127:
            length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
        if start > size or start + length > size:
            return
        if data[at] & _COMPRESSED:
            raise SystemExit("The server compresses its frames; permessage-deflate must be off.")
        yield Frame(data[at] & 0x0F, start, start + length)
        at = start + length
