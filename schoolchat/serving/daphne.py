"""A web process of `serve`, on daphne: `python -m schoolchat.serving.daphne FD`.

For development, and to see that nothing rests on uvicorn. FD is the bound socket, inherited.
"""

import asyncio
import os
import sys
from functools import partial
from io import BytesIO
from typing import Any, Final

from daphne.cli import CommandLineInterface
from daphne.http_protocol import WebRequest
from daphne.server import Server, reactor
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.defer import Deferred, DeferredList

from schoolchat.bodies import UPLOADS, most_bytes
from schoolchat.serving.parent import live_with_parent
from schoolchat.serving.uvicorn import APPLICATION, FRAME_BYTES, allow_many_files

QUIET: Final = ("--verbosity", "0", "--access-log", os.devnull, "--no-server-name")
TEXT: Final = 1  # opcode (RFC 6455, 5.2)
RESTARTS: Final = 1012
PARTING_SECONDS: Final = 2.0  # who has not answered by then is cut off when the server ends
LAST_WORD_SECONDS: Final = 10.0  # who reads slowly gets to the code slowly, too
MOST_WAITING_FRAMES: Final = 16  # more are not read before these are taken
TAKEN_SECONDS: Final = 0.02


class Outflow:
    """What a client has not read yet: Twisted says when it is much, and when it is gone."""

    def __init__(self) -> None:
        self._free = asyncio.Event()
        self._free.set()

    async def wait(self) -> None:
        """Until the client has read on, or is gone."""
        await self._free.wait()

    def pauseProducing(self) -> None:  # noqa: N802  (these names are Twisted's)
        """Much."""
        self._free.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        """Gone."""
        self._free.set()

    stopProducing = resumeProducing  # noqa: N815  (nobody is there any more)


class FrugalSocket(WebSocketProtocol):
    """A websocket whose limit is for what comes in; daphne's keeps without end what is not read, on
    either side."""

    def connectionMade(self) -> None:  # noqa: N802
        """What was HTTP is now a websocket, and so is what watches over its transport."""
        super().connectionMade()
        self.outflow = Outflow()
        self.transport.unregisterProducer()
        self.transport.registerProducer(self.outflow, True)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        """A frame for the application."""
        super().onMessage(payload, isBinary)
        if self.application_queue.qsize() == MOST_WAITING_FRAMES:
            self.transport.pauseProducing()
            self._read_on()

    def serverSend(self, content: str, binary: bool = False) -> None:  # noqa: ARG002, N802
        """Send a text frame; `sendMessage` would hold it against the limit as well, and raise."""
        if self.state == self.STATE_OPEN:
            self.sendFrame(opcode=TEXT, payload=content.encode())

    def _read_on(self) -> None:
        """Read again when the application has taken what there was."""
        if self.application_queue.empty():
            self.transport.resumeProducing()
        else:
            reactor.callLater(TAKEN_SECONDS, self._read_on)


class FrugalRequest(WebRequest):
    """A request whose body stays in memory; Twisted would write a long one to a disk. What is more
    than any address takes is dropped: what is kept is enough for schoolchat.bodies to refuse it."""

    def gotLength(self, length: int | None) -> None:  # noqa: ARG002, N802
        """The headers are there."""
        self.content = BytesIO()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        """Some of the body."""
        if self.content.tell() <= most_bytes(UPLOADS):
            self.content.write(data)


class FrugalServer(Server):
    """Daphne's server, which by itself takes in frames and requests of any length, and ends without
    a word."""

    async def handle_reply(self, protocol: Any, message: Any) -> None:
        """Pass on what the application sends; more only when the client has read."""
        await super().handle_reply(protocol, message)
        if message["type"] == "websocket.send":
            await protocol.outflow.wait()

    def listen_success(self, port: Any) -> None:
        """Set the limits as soon as the factory of sockets is there."""
        self.ws_factory.protocol = FrugalSocket
        self.ws_factory.setProtocolOptions(
            maxFramePayloadSize=FRAME_BYTES,
            maxMessagePayloadSize=FRAME_BYTES,
            failByDrop=False,  # the code of the close is part of the protocol
            closeHandshakeTimeout=LAST_WORD_SECONDS,
        )
        self.http_factory.buildProtocol = partial(_frugal, self.http_factory.buildProtocol)
        super().listen_success(port)

    def kill_all_applications(self) -> Deferred[Any]:
        """Say to every socket that the server restarts, before daphne ends what serves them."""
        end = super().kill_all_applications
        sockets = [
            each
            for each in self.connections
            if isinstance(each, WebSocketProtocol) and each.state == each.STATE_OPEN
        ]
        for each in sockets:
            each.sendCloseFrame(code=RESTARTS)  # serverClose is for applications, and refuses it
        parted = DeferredList([each.is_closed for each in sockets], consumeErrors=True)
        return parted.addTimeout(PARTING_SECONDS, reactor).addBoth(lambda _: end())


def _frugal(build: Any, address: Any) -> Any:
    """A connection, as Daphne builds it, with our requests."""
    protocol = build(address)
    protocol.requestFactory = FrugalRequest
    return protocol


class FrugalInterface(CommandLineInterface):
    """Daphne's command line, with that server."""

    server_class = FrugalServer


def serve_web(descriptor: int) -> None:
    """Serve on the inherited socket until told to stop."""
    allow_many_files()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")
    FrugalInterface().run(["--fd", str(descriptor), *QUIET, APPLICATION])


if __name__ == "__main__":
    live_with_parent()
    serve_web(int(sys.argv[1]))
