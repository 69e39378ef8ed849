"""Sending lines on to a syslog (RFC 3164), from a thread of its own.

Nobody who writes a line waits for the network: what cannot be taken along is counted
(`schoolchat_syslog_lost_total`) and let go of, since it stands on standard error as well.
"""

import atexit
import logging
import queue
import socket
import threading
from dataclasses import dataclass
from logging.handlers import SysLogHandler
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from django.core.exceptions import ImproperlyConfigured

from audit.counters import counter

#: Lines that may wait while the receiver is away, some minutes of somebody guessing passwords.
MOST_WAITING: Final = 1_000
#: How long one line may take, and how long the end of the process waits for the last ones.
SEND_SECONDS: Final = 5.0
END_SECONDS: Final = 1.0
_TAG: Final = "schoolchat: "
_KINDS: Final = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}

LOST: Final = counter("syslog_lost", "Lines of the security log that syslog did not take.")


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Where lines go: host and port over UDP or TCP, or the path of a socket (`kind` None)."""

    address: str | tuple[str, int]
    kind: socket.SocketKind | None


def receiver(text: str) -> Receiver:
    """What SCHOOLCHAT_SYSLOG names: `host:port` (UDP), `udp://…`, `tcp://…`, or a path."""
    if text.startswith("/"):
        return Receiver(address=text, kind=None)
    parts = urlsplit(text if "://" in text else f"udp://{text}")
    try:
        host, port, kind = parts.hostname, parts.port, _KINDS[parts.scheme]
    except (KeyError, ValueError):
        host = port = kind = None
    if not host or not port or kind is None:
        raise ImproperlyConfigured(
            "SCHOOLCHAT_SYSLOG is host:port, tcp://host:port or a path such as /dev/log, "
            f"not {text}."
        )
    return Receiver(address=(host, port), kind=kind)


class Sender(SysLogHandler):
    """The library's handler, but that it connects when it sends, ends lines sent over TCP with a
    line feed (RFC 6587), and says when it fails."""

    ident = _TAG
    append_nul = False
    socket: Any  # the library's own

    def __init__(self, to: Receiver) -> None:
        self._begun = False
        super().__init__(to.address, facility=self.LOG_AUTHPRIV, socktype=to.kind)
        self._begun = True
        end = "\n" if to.kind == socket.SOCK_STREAM else ""
        self.setFormatter(logging.Formatter(f"%(message)s{end}"))

    def createSocket(self) -> None:  # noqa: N802  (the library's name)
        """Connect; not yet when the handler is made, so that no start waits for the network."""
        if self._begun:
            super().createSocket()
            self.socket.settimeout(SEND_SECONDS)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802
        """Hang up, so that the next line connects anew, and say so to the thread."""
        self.close_socket()
        raise  # noqa: PLE0704  (called while the exception is handled)

    def close_socket(self) -> None:
        """Let go of a connection that may be broken."""
        if self.socket:
            self.socket.close()
            self.socket = None


class Forwarder(logging.Handler):
    """Puts lines before a thread that sends them, and never waits."""

    def __init__(self, to: Receiver) -> None:
        super().__init__()
        self._sender = Sender(to)
        self._waiting: queue.Queue[logging.LogRecord | None] = queue.Queue(MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._answers = True

    def emit(self, record: logging.LogRecord) -> None:
        """Called under the handler's lock."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._send, name="syslog", daemon=True)
            self._thread.start()
            atexit.register(self._end)
        try:
            self._waiting.put_nowait(record)
        except queue.Full:
            LOST.inc()

    def _send(self) -> None:
        while (record := self._waiting.get()) is not None:
            try:
                self._sender.emit(record)
            except OSError as error:
                LOST.inc()
                self._tell(answers=False, error=type(error).__name__)
            else:
                self._tell(answers=True, error=None)

    def _tell(self, *, answers: bool, error: str | None) -> None:
        """On standard error, once each time it changes."""
        if answers == self._answers:
            return
        self._answers = answers
        log = structlog.get_logger()
        if answers:
            log.info("syslog_answers_again")
        else:
            log.warning("syslog_does_not_answer", error=error)

    def _end(self) -> None:
        """Give the last lines a moment."""
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            return
        if self._thread is not None:
            self._thread.join(END_SECONDS)
