"""Uvicorn's websocket protocol, which also takes frames that are ready for the wire.

ASGI's `send` costs more than the system call behind it; a frame for two hundred sockets would be
made two hundred times. The extension `schoolchat.transport` of the scope takes the bytes as they
are (messaging.live.socket.Transport).
"""

from collections.abc import Callable
from typing import Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode
from websockets.http11 import Request
from websockets.protocol import State

from messaging.live.frames import CLOSED_TRY_AGAIN, TRANSPORT
from messaging.process import metrics

#: A client that does not answer a close is let go after so long: who reads slowly comes slowly to
#: the code, too, behind the megabyte that was waiting. When the server ends, nobody is waited for.
_CLOSE_SECONDS: Final = 10.0
_PARTING_SECONDS: Final = 2.0


class ReadyFrames(WebSocketsSansIOProtocol):
    """A connection that offers itself as a transport."""

    _full: Callable[[], None] | None = None
    _free: Callable[[], None] | None = None
    _heard = False

    def handle_connect(self, event: Request) -> None:
        """Uvicorn has made the scope; the application runs later."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions: dict[str, object] = self.scope["extensions"]  # type: ignore[assignment]
            extensions[TRANSPORT] = self

    def write(self, data: bytes) -> None:
        """Send bytes; after a close they are dropped."""
        if not self.close_sent and not self.disconnected:
            self.transport.write(data)

    def close(self, code: int) -> None:
        """Say the code and end, even when the client reads nothing: uvicorn would wait."""
        if self.close_sent or self.disconnected or self.conn.state is not State.OPEN:
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code})
        self.conn.send_close(code)
        self._part(_PARTING_SECONDS if code == CLOSED_TRY_AGAIN else _CLOSE_SECONDS)

    def _part(self, seconds: float) -> None:
        """Send the close frame, and listen on until the client goes, for a while."""
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:  # else the client's own close would not be heard
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(seconds, self.transport.abort)

    @property
    def lost(self) -> bool:
        """Whether the connection broke, or we broke it, without a close frame from the client."""
        return (self.disconnected or self.close_sent) and self.conn.close_rcvd is None

    def handle_parser_exception(self) -> None:
        """A frame that is too long, or none: who is still sending it has to hear the code as well.

        Uvicorn hangs up at once, with unread bytes waiting, and a reset overtakes the close frame.
        """
        if self.close_sent or self.disconnected:
            return  # the rest of it is thrown away
        code = self.conn.close_sent.code if self.conn.close_sent else CloseCode.ABNORMAL_CLOSURE
        metrics.CLOSED_BY_CODE[str(int(code))].inc()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code})
        self._part(_PARTING_SECONDS)
        self.transport.write_eof()  # nothing that the client says is read any more, nor its close

    def shutdown(self) -> None:
        """The server ends: who is just sending has to hear the code as well (uvicorn hangs up)."""
        if self.handshake_complete and not self.close_sent:
            self.stop_keepalive()
            metrics.CLOSED_BY_CODE[str(CLOSED_TRY_AGAIN)].inc()
            self.close(CLOSED_TRY_AGAIN)
        else:
            super().shutdown()

    def data_received(self, data: bytes) -> None:
        """Whatever comes from the client shows that it is there."""
        self._heard = True
        super().data_received(data)

    def send_keepalive_ping(self) -> None:
        """From now on something has to be heard."""
        self._heard = False
        super().send_keepalive_ping()

    def keepalive_timeout(self) -> None:
        """Only silence ends a connection. While we do not read, as long as the database is away or
        busy, its answer waits behind what it has sent, and nobody has been silent but us."""
        if not (self.read_paused or self._heard):
            super().keepalive_timeout()
            return
        self._heard = False
        self.pong_timer = self.loop.call_later(self.ping_timeout or 0, self.keepalive_timeout)

    def watch(self, *, limit: int, full: Callable[[], None], free: Callable[[], None]) -> None:
        """Be told when the client does not read."""
        self._full, self._free = full, free
        if not self.transport.is_closing():  # the client may have gone while it was let in
            self.transport.set_write_buffer_limits(high=limit)

    def pause_writing(self) -> None:
        """The transport holds more than the limit."""
        super().pause_writing()
        if self._full:
            self._full()

    def resume_writing(self) -> None:
        """It has sent most of it."""
        super().resume_writing()
        if self._free:
            self._free()
