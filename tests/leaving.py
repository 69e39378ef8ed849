"""Browsers that go away while PostgreSQL works for them."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import psycopg
from django.conf import settings
from django.test import Client

from messaging.live.line import conninfo
from tests.server import Server

type Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

HELD = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
_TOKEN = "a" * 32
_STEPS, _STEP_SECONDS = 500, 0.01


async def until(question: str, answer: object) -> None:
    """Wait until the database gives this answer."""
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as looking:
        for _ in range(_STEPS):
            row: Any = await (await looking.execute(question)).fetchone()
            if row == (answer,):
                return
            await asyncio.sleep(_STEP_SECONDS)
    raise AssertionError(f"it did not come to pass: {row} where {answer} was expected")


async def ask(
    server: Server, browser: Client, address: str, form: Mapping[str, str] | None = None
) -> Streams:
    """What the server answers this browser, and where it goes away; with a form it is sent."""
    answer, sending = await asyncio.open_connection("127.0.0.1", server.port)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={_TOKEN}"
    head = [f"Host: 127.0.0.1\r\nCookie: {cookies}"]
    body = ""
    if form is not None:
        body = urlencode({**form, "csrfmiddlewaretoken": _TOKEN})
        head.append(
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}"
        )
    method = "GET" if form is None else "POST"
    lines = [f"{method} {address} HTTP/1.1", *head, "", body]
    sending.write("\r\n".join(lines).encode())
    return answer, sending
