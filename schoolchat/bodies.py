"""How much one request may bring, whoever sends it.

Django reads all of a request before anything looks at it, and what is too much for the memory into
a file that is not sealed. So what is too much is refused before it reaches Django.
"""

from collections.abc import Callable, Coroutine, Iterable
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext

type Application = Callable[[Any, Any, Any], Coroutine[Any, Any, None]]

#: Where files come in, in pieces; anything else is a form or a little JSON.
UPLOADS: Final = "/messages/uploads/"


def most_bytes(path: str) -> int:
    """The longest body that an address takes: what Django keeps in memory."""
    if path.startswith(UPLOADS):
        return int(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def limited(pages: Application) -> Application:
    """The same pages, which answer 413 to a longer body.

    What says how long it is is refused at once; what does not, or is wrong about it, as soon as it
    is too long: the pages then see somebody who has gone. They have to read it all before they
    answer, as Django does.
    """

    async def application(scope: Any, receive: Any, send: Any) -> None:
        most = most_bytes(scope["path"])
        if _announced(scope["headers"]) > most:
            await _refuse(send)
            return
        body = _Body(receive, most=most)
        await pages(scope, body.receive, send)
        if body.too_long:
            await _refuse(send)

    return application


class _Body:
    """A body that is counted as it comes."""

    def __init__(self, receive: Any, *, most: int) -> None:
        self._receive, self._left = receive, most
        self.too_long = False

    async def receive(self) -> Any:
        """The next event; that the client is gone when it has sent too much."""
        if not self.too_long:
            event = await self._receive()
            self._left -= len(event.get("body", b""))
            self.too_long = self._left < 0
            if not self.too_long:
                return event
        return {"type": "http.disconnect"}


def _announced(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """What the headers say; 0 where they say nothing that is a number."""
    lengths = (value for name, value in headers if name.lower() == b"content-length")
    return max((int(value) for value in lengths if value.isdigit()), default=0)


async def _refuse(send: Any) -> None:
    said = gettext("This is too much for one request.").encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(said)).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": said})
