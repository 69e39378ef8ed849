"""Files that are longer than memory is wide: sent as they are made."""

from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import batched
from typing import Final

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import StreamingHttpResponse

_LINES_A_PIECE: Final = 500


class Streamed(StreamingHttpResponse):
    """A file of lines, made piece by piece as fast as it is fetched.

    Django would gather the whole of it before the first byte leaves an ASGI server. Between the
    pieces the database connection is given back, since whoever fetches slowly would hold it.
    """

    def __init__(self, lines: Iterable[str], *, name: str, kind: str) -> None:
        super().__init__(_pieces(lines), content_type=kind)
        self.headers["Content-Disposition"] = f'attachment; filename="{name}"'

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = iter(self)
        while (piece := await sync_to_async(_next)(pieces)) is not None:
            yield piece


def _pieces(lines: Iterable[str]) -> Iterator[bytes]:
    for some in batched(lines, _LINES_A_PIECE):
        yield "".join(some).encode()


def _next(pieces: Iterator[bytes]) -> bytes | None:
    piece = next(pieces, None)
    connection.close()
    return piece
