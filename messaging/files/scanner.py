"""The virus scanner: clamd, asked over its socket before anybody can open a file.

The protocol is INSTREAM of clamd(8): the file goes over in pieces, each behind its length in four
bytes, and a line comes back. Whatever goes wrong on the way, the file counts as not scanned.
"""

import re
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from messaging.files.refusals import Infected, NotScanned, TooLargeToScan

OFF: Final = "off"
_PORT: Final = 3310
#: To reach it; and to wait until it has answered: clamd itself gives a file up after two minutes.
_CONNECT_SECONDS: Final = 2.0
PATIENCE_SECONDS: Final = 130.0
_PIECE_BYTES: Final = 256 * 1024
_ANSWER_BYTES: Final = 4096
#: Names of signatures, which are all that the security log takes of it.
_FOUND: Final = re.compile(r"^stream: ([\w.:/()-]{1,200}) FOUND$", re.ASCII)
_SOMETHING: Final = re.compile(r"^stream: .+ FOUND$")
_CLEAN: Final = "stream: OK"
_TOO_LARGE: Final = "INSTREAM size limit exceeded"

_log = structlog.get_logger("schoolchat.files")


class Verdict(StrEnum):
    """What the scanner says of a file that it does not refuse, or that it says nothing."""

    CLEAN = "clean"
    AWAY = "away"
    SLOW = "slow"


def scan(chunks: Iterable[bytes], *, within: float = PATIENCE_SECONDS) -> Verdict:
    """CLEAN, AWAY where the file is to wait for the scanner, or SLOW where it has not said in
    `within` seconds what it finds: then it is asked again by somebody who has the time.
    Where the school has switched it off, every file is clean.

    Raises Infected, TooLargeToScan, and NotScanned where the school does not let files wait.
    """
    if settings.FILES.scanner == OFF:
        return Verdict.CLEAN
    try:
        with closing(_connected()) as line:
            return _verdict(line, chunks, within)
    except OSError as error:
        _log.warning("the virus scanner is away", error=str(error))
    if settings.FILES.when_away == "refuse":
        raise NotScanned
    return Verdict.AWAY


def answers() -> bool:
    """Whether the scanner answers a ping, or none is wanted."""
    if settings.FILES.scanner == OFF:
        return True
    try:
        with closing(_connected()) as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except OSError:
        return False


def _connected() -> socket.socket:
    address = urlsplit(settings.FILES.scanner)
    if address.scheme == "tcp":
        where = (address.hostname or "localhost", address.port or _PORT)
        return socket.create_connection(where, timeout=_CONNECT_SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(_CONNECT_SECONDS)
    try:
        line.connect(address.path)
    except OSError:
        line.close()
        raise
    return line


def _verdict(line: socket.socket, chunks: Iterable[bytes], within: float) -> Verdict:
    try:
        return _understood(_asked(line, chunks, time.monotonic() + within))
    except TimeoutError:
        if within < PATIENCE_SECONDS:
            return Verdict.SLOW
        raise


def _asked(line: socket.socket, chunks: Iterable[bytes], until: float) -> str:
    try:
        _hurry(line, until)
        line.sendall(b"zINSTREAM\0")
        for piece in _pieces(chunks):
            _hurry(line, until)
            line.sendall(struct.pack(">I", len(piece)) + piece)
        line.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        # It hangs up in the middle of what is too large, having said so.
        return _answer(line)
    _hurry(line, until)
    return _answer(line)


def _hurry(line: socket.socket, until: float) -> None:
    """What comes next has only the time that is left."""
    line.settimeout(max(until - time.monotonic(), 0.001))


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces that are not empty: an empty one would be the end."""
    for chunk in chunks:
        for at in range(0, len(chunk), _PIECE_BYTES):
            yield chunk[at : at + _PIECE_BYTES]


def _answer(line: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < _ANSWER_BYTES and (more := line.recv(_ANSWER_BYTES)):
        said += more
    return said.rstrip(b"\0").decode(errors="replace").strip()


def _understood(said: str) -> Verdict:
    if said == _CLEAN:
        return Verdict.CLEAN
    if found := _FOUND.match(said):
        raise Infected(found[1])
    if _SOMETHING.match(said):
        raise Infected
    if said.startswith(_TOO_LARGE):
        raise TooLargeToScan
    raise ConnectionError(f"clamd said: {said[:200]!r}")
