"""The world outside the school, on this machine: a mail server, a web address, an authority.

All are real servers on real sockets, so that what is sent is what the product sends.
"""

import shutil
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.models import Checkpoint
from audit.services import record
from audit.signing import sign_checkpoint
from oversight.models import Publication
from oversight.services.publications import publish
from oversight.workers.delivering import deliver_waiting
from tests.roles import acting_as


def signed(entries: int = 1) -> Checkpoint:
    """The log grows by so many entries and its head is signed."""
    with transaction.atomic():
        for _ in range(entries):
            record(Action.KEYRING_MOVED, actor=None, generation=2)
    with acting_as("sealer"):
        checkpoint = sign_checkpoint()
    assert checkpoint is not None
    return checkpoint


def published(by: User) -> Publication:
    """The log has grown, and somebody had its head published."""
    signed()
    publication = publish(by=by, reason=Publication.Reason.ASKED)
    assert publication is not None
    return publication


def delivered(after: timedelta = timedelta()) -> None:
    """The worker has looked what is to be sent, so long from now."""
    with acting_as("worker"):
        deliver_waiting(datetime.now(UTC) + after)


@dataclass(kw_only=True)
class MailServer:
    """`port`, what arrived as (address, message), and addresses that it refuses."""

    port: int
    arrived: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server that keeps what it is given."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            whom: list[str] = []
            self._say("220 outside.example")
            while line := self.rfile.readline().decode().strip():
                verb, _, rest = line.partition(" ")
                match verb.upper():
                    case "RCPT":
                        address = rest.partition("<")[2].partition(">")[0]
                        self._say("550 no such person" if address in box.refused else "250 ok")
                        whom.append(address)
                    case "DATA":
                        self._say("354 go on")
                        self._take(whom)
                    case "QUIT":
                        self._say("221 bye")
                        return
                    case _:
                        self._say("250 ok")

        def _take(self, whom: list[str]) -> None:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            message = message_from_bytes(b"".join(lines), policy=SMTP)
            assert isinstance(message, EmailMessage)
            box.arrived.extend((address, message) for address in whom)
            self._say("250 kept")

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with _running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as server:
        box = MailServer(port=server.server_address[1])
        yield box


@dataclass(kw_only=True)
class WebServer:
    """Its address, what was posted as (path, headers, body), and what it answers."""

    address: str
    posted: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    status: int = 204
    location: str = ""

    def answer(self, _body: bytes) -> bytes:
        """The body of the answer."""
        return b""


@contextmanager
def web_server(kind: type[WebServer] = WebServer, **more: Any) -> Iterator[WebServer]:
    """A web server that keeps what is posted to it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            site.posted.append((self.path, dict(self.headers), body))
            answer = site.answer(body)
            self.send_response(site.status)
            if site.location:
                self.send_header("Location", site.location)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST  # noqa: N815  (what follows a redirect would come as GET)

        def log_message(self, *_: Any) -> None:
            pass

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        site = kind(address=f"http://127.0.0.1:{server.server_address[1]}/hook", **more)
        yield site


@contextmanager
def _running(server: Any) -> Iterator[Any]:
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(kw_only=True)
class Authority(WebServer):
    """An RFC 3161 authority that `openssl` plays; `folder` holds its key and certificates."""

    folder: Path
    status: int = 200

    def answer(self, body: bytes) -> bytes:
        query, reply = self.folder / "query.tsq", self.folder / "reply.tsr"
        query.write_bytes(body)
        _openssl(self.folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", query.name,
                 "-out", reply.name)  # fmt: skip
        return reply.read_bytes()


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """One that has just been founded, with its certificate in `folder/ca.pem`."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    (folder / "tsa.cnf").write_text(_TSA)
    (folder / "serial").write_text("01\n")
    _openssl(folder, "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "ca.key",
             "-out", "ca.pem", "-subj", "/CN=Time for tests", "-days", "2")  # fmt: skip
    _openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key",
             "-out", "tsa.csr", "-subj", "/CN=Stamp for tests")  # fmt: skip
    _openssl(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
             "-out", "tsa.pem", "-days", "2", "-extfile", "tsa.cnf",
             "-extensions", "usage")  # fmt: skip
    with web_server(Authority, folder=folder) as site:
        assert isinstance(site, Authority)
        yield site


def verified(folder: Path, stamp: bytes, content: bytes) -> bool:
    """Whether openssl accepts the stamp over this content."""
    (folder / "check.tsr").write_bytes(stamp)
    (folder / "check.txt").write_bytes(content)
    run = subprocess.run(
        ["openssl", "ts", "-verify", "-in", "check.tsr", "-data", "check.txt", "-CAfile", "ca.pem"],
        cwd=folder, check=False, capture_output=True,
    )  # fmt: skip
    return run.returncode == 0


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


_TSA = """
[tsa]
default_tsa = here
[here]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem

signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
[usage]
extendedKeyUsage = critical,timeStamping
"""
