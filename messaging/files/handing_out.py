"""Files as HTTP hands them out: whole or in part, never all in memory, never kept by a cache, and
never able to do anything in the school's name.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from itertools import chain
from typing import Final
from uuid import UUID

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from messaging.files import storing
from messaging.files.attached import Attachment
from messaging.files.kinds import OF_TYPE
from messaging.files.places import PlaceAway
from messaging.files.sealing import FileAltered, rechunked

#: Whatever stands in the record, nothing is handed out as a script or a page.
_UNKNOWN_TYPE: Final = "application/octet-stream"
_THUMBNAIL_TYPE: Final = "image/webp"
#: Read and opened between two looks at the event loop.
_PART_BYTES: Final = 256 * 1024
#: Longer numbers are no place in any file, and Python refuses to read very long ones.
_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
#: What comes from people may run nothing, load nothing and be framed nowhere (RFC 9110, CSP 3).
_HARMLESS: Final = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "bytes",
}
_readers = ThreadPoolExecutor(4, thread_name_prefix="files")


def hand_out(request: HttpRequest, file: Attachment) -> HttpResponseBase:
    """A file, or the range of it that the request asks for (RFC 9110, section 14): 200, 206 or 416;
    503 where the storage is away. `?download` saves also what a page could show."""
    inline = file.is_shown and "download" not in request.GET
    return _answer(
        request,
        file=file.id,
        object_name=str(file.id),
        key=bytes.fromhex(file.key),
        size=file.size,
        headers={
            "Content-Type": file.type if file.type in OF_TYPE else _UNKNOWN_TYPE,
            "Content-Disposition": content_disposition_header(not inline, file.name) or "",
        },
    )


def hand_out_thumbnail(request: HttpRequest, file: Attachment) -> HttpResponseBase:
    """The thumbnail of a picture that has one."""
    return _answer(
        request,
        file=file.id,
        object_name=storing.thumbnail_name(file.id),
        key=bytes.fromhex(file.key),
        size=file.thumbnail or 0,
        headers={"Content-Type": _THUMBNAIL_TYPE, "Content-Disposition": "inline"},
    )


def _answer(
    request: HttpRequest,
    *,
    file: UUID,
    object_name: str,
    key: bytes,
    size: int,
    headers: dict[str, str],
) -> HttpResponseBase:
    tag = f'"{file}"'  # what stands under an id never changes
    headers = {**headers, **_HARMLESS, "ETag": tag}
    span = _span(request, size, tag)
    if span is None:
        headers |= {"Content-Range": f"bytes */{size}", "Content-Type": "text/plain"}
        return HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    start, end = span
    status = HTTPStatus.OK
    if end - start < size:
        status = HTTPStatus.PARTIAL_CONTENT
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - start)
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    try:
        parts = _begun(storing.opened(object_name, key, size, start=start, end=end))
    except (PlaceAway, FileAltered) as away:
        return _unavailable(str(away))
    return StreamingHttpResponse(_for(request, parts), status=status, headers=headers)


def _span(request: HttpRequest, size: int, tag: str) -> tuple[int, int] | None:
    """From where to where: all of it unless one range is asked for; None where there is nothing of
    that range. Several ranges at once are not answered as such (RFC 9110, 14.2 lets us)."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    condition = request.headers.get("If-Range", tag)
    if asked is None or asked.group() == "bytes=-" or condition != tag:
        return 0, size
    first, last = asked.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    if last and first and int(last) < int(first):
        return 0, size
    return (start, end) if start < end else None


def _begun(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same, the first part read: what is not there is noticed while it can still be said."""
    parts = rechunked(parts, _PART_BYTES)
    return chain([next(parts, b"")], parts)


def _for(request: HttpRequest, parts: Iterator[bytes]) -> Iterator[bytes] | AsyncIterator[bytes]:
    """Django would read all of an ordinary iterator before it sent the first byte."""
    return _in_threads(parts) if isinstance(request, ASGIRequest) else parts


async def _in_threads(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    while part := await loop.run_in_executor(_readers, next, parts, b""):
        yield part


def _unavailable(sentence: str) -> HttpResponse:
    return HttpResponse(
        f"{sentence}\n",
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "private, no-store"},
    )
