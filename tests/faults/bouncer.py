"""A bouncer that lends out its connections to PostgreSQL by the transaction, as pgbouncer does with
pool_mode = transaction: as little of the protocol as psycopg needs.

PostgreSQL, Frontend/Backend Protocol, Message Formats.
"""

import contextlib
import os
import queue
import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection

from messaging.live.line import conninfo

_LENGTH = struct.Struct("!I")
_PARAMETERS = {
    "server_version": "18.0",
    "client_encoding": "UTF8",
    "standard_conforming_strings": "on",
    "integer_datetimes": "on",
}
_IDLE = b"I"


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + _LENGTH.pack(len(body) + 4) + body


_WELCOME = b"".join(
    [
        _message(b"R", _LENGTH.pack(0)),
        *(_message(b"S", f"{name}\0{value}\0".encode()) for name, value in _PARAMETERS.items()),
        _message(b"K", _LENGTH.pack(1) + _LENGTH.pack(1)),
        _message(b"Z", _IDLE),
    ]
)


class _Stream:
    """Whole messages from a socket."""

    def __init__(self, taken: socket.socket) -> None:
        self.socket = taken
        self._file = taken.makefile("rb")

    def first(self) -> None:
        """The start-up, which has no letter before its length."""
        self._exactly(_LENGTH.unpack(self._exactly(4))[0] - 4)

    def next(self) -> tuple[bytes, bytes]:
        kind, length = self._exactly(1), self._exactly(4)
        return kind, kind + length + self._exactly(_LENGTH.unpack(length)[0] - 4)

    def _exactly(self, count: int) -> bytes:
        found = self._file.read(count)
        if len(found) < count:
            raise ConnectionResetError
        return found


class _Bouncer:
    """Lends the connection that was given back last, or with `by_turns` the one before all others
    (pgbouncer: server_round_robin)."""

    def __init__(self, at: Path, backends: list[_Stream], *, by_turns: bool) -> None:
        self._free: queue.Queue[_Stream] = queue.Queue() if by_turns else queue.LifoQueue()
        for backend in backends:
            self._free.put(backend)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(at))
        self._listener.listen()
        self._clients: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for one in (self._listener, *self._clients):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._clients.append(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        stream = _Stream(client)
        with contextlib.suppress(OSError, ValueError):
            stream.first()
            client.sendall(_WELCOME)
            while True:
                self._transaction(stream)

    def _transaction(self, client: _Stream) -> None:
        """From a first question to the next moment at which no transaction is open."""
        asked = self._question(client)
        backend = self._free.get()
        try:
            while (ready := self._answer(asked, backend, client))[-1:] != _IDLE:
                client.socket.sendall(ready)
                asked = self._question(client)
        finally:
            self._free.put(backend)
        # Not before: whoever hears it may have another client ask for what was given back.
        client.socket.sendall(ready)

    @staticmethod
    def _question(client: _Stream) -> bytes:
        """Everything up to a simple query or a Sync."""
        asked = b""
        while True:
            kind, message = client.next()
            if kind == b"X":
                raise ConnectionResetError
            asked += message
            if kind in {b"Q", b"S"}:
                return asked

    @staticmethod
    def _answer(asked: bytes, backend: _Stream, client: _Stream) -> bytes:
        """Passed on up to ReadyForQuery, which is returned; it ends with the state."""
        backend.socket.sendall(asked)
        while True:
            kind, message = backend.next()
            if kind == b"Z":
                return message
            if kind != b"A":  # what is rung for somebody else
                client.socket.sendall(message)


@contextmanager
def bouncer(*, connections: int = 2, by_turns: bool = False) -> Iterator[str]:
    """The folder of its socket, as libpq takes a host; whoever comes is let in."""
    with tempfile.TemporaryDirectory(prefix="schoolchat-bouncer-") as folder:
        with contextlib.ExitStack() as stack:
            behind = [
                stack.enter_context(psycopg.connect(conninfo(), autocommit=True))
                for _ in range(connections)
            ]
            taken = [socket.socket(fileno=os.dup(one.fileno())) for one in behind]
            for one in taken:
                stack.enter_context(one).setblocking(True)
            at = Path(folder) / f".s.PGSQL.{connection.settings_dict['PORT']}"
            running = _Bouncer(at, [_Stream(one) for one in taken], by_turns=by_turns)
            stack.callback(running.close)
            yield folder
