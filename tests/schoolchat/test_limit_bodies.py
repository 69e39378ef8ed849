"""What is too much for one request is refused before Django reads it, whoever sends it."""

import asyncio
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from django.conf import settings

from messaging.services.uploads import MOST_PIECE_BYTES
from schoolchat.bodies import UPLOADS, limited, most_bytes
from tests.server import Server, serving

_PIECE = 256 * 1024
_FORM = "/sign-in/"


async def _pages(_scope: Any, receive: Any, send: Any) -> None:
    """Reads as Django does, and says how much there was."""
    size, more = 0, True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            return
        size, more = size + len(event["body"]), event["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


def _ask(path: str, size: int, **headers: str) -> tuple[int, bytes, int]:
    """Status and body of the answer, and how much of the request was read for it."""
    sent: list[dict[str, Any]] = []
    left = size

    async def receive() -> dict[str, Any]:
        nonlocal left
        body = bytes(min(left, _PIECE))
        left -= len(body)
        return {"type": "http.request", "body": body, "more_body": left > 0}

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    named = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    asyncio.run(limited(_pages)({"path": path, "headers": named}, receive, send))
    start, body = sent
    return start["status"], body["body"], size - left


@pytest.mark.parametrize("path", [_FORM, UPLOADS, f"{UPLOADS}some-id/"])
def test_as_much_as_it_takes_and_no_byte_more(path: str) -> None:
    most = most_bytes(path)
    assert _ask(path, most, content_length=str(most)) == (200, str(most).encode(), most)
    assert _ask(path, most) == (200, str(most).encode(), most)
    status, said, read = _ask(path, most + 1, content_length=str(most + 1))
    assert (status, said, read) == (413, b"This is too much for one request.", 0)


@pytest.mark.parametrize("headers", [{}, {"content_length": "7"}, {"content_length": "many"}])
def test_whoever_does_not_say_how_much_is_stopped_on_the_way(headers: dict[str, str]) -> None:
    most = most_bytes(_FORM)
    status, said, read = _ask(_FORM, 50 * most, **headers)
    assert (status, said) == (413, b"This is too much for one request.")
    assert read <= most + _PIECE


def test_the_largest_piece_fits_and_stays_in_memory() -> None:
    assert MOST_PIECE_BYTES < most_bytes(UPLOADS) <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert most_bytes(_FORM) < settings.FILE_UPLOAD_MAX_MEMORY_SIZE


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def _pieces(count: int) -> Iterable[bytes]:
    return (bytes(_PIECE) for _ in range(count))


@pytest.mark.parametrize("path", [_FORM, UPLOADS])
@pytest.mark.parametrize("announced", [True, False])
def test_a_server_says_so_to_anybody(server: Server, path: str, announced: bool) -> None:
    count = most_bytes(path) // _PIECE + 8
    headers = {"Content-Length": str(count * _PIECE)} if announced else {}
    http = HTTPConnection("127.0.0.1", server.port, timeout=20)
    http.request("POST", path, _pieces(count), headers, encode_chunked=not announced)
    answer = http.getresponse()
    assert (answer.status, answer.read()) == (413, b"This is too much for one request.")
    http.close()
