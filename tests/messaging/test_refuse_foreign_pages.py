"""A websocket that a page of another site opens is refused, and the security log says so."""

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from accounts.security import FIELDS, SecurityEvent
from audit.counters import REGISTRY
from messaging.entrance import entrance

HERE = "http://localhost:8000"
COOKIE = (b"cookie", b"sessionid=canary-cookie")
TOKEN = (b"authorization", b"Bearer canary-token")
FOREIGN = [
    b"https://elsewhere.example",
    b"http://localhost.elsewhere.example",
    b"null",
    b"x",
    b"http://[",  # not to be read as an address at all
    b"",
]

type Line = MutableMapping[str, Any]


def _origin(value: bytes) -> tuple[bytes, bytes]:
    return b"origin", value


class Knock:
    """Somebody opens the websocket with these headers."""

    def __init__(self, *headers: tuple[bytes, bytes]) -> None:
        self.scope = {
            "type": "websocket",
            "path": "/ws/",
            "headers": list(headers),
            "client": ["192.0.2.7", 4711],
        }
        self.came_in = False
        self.sent: list[dict[str, Any]] = []
        self._received: Iterator[dict[str, Any]] = iter(
            [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1006}]
        )

    async def knock(self) -> list[Line]:
        """What the security log says of it."""
        with capture_logs() as lines:
            await entrance(self._inside)(self.scope, self._receive, self._send)
        assert "canary" not in str(lines)
        return [line for line in lines if line.get("logger") == "schoolchat.security"]

    async def _inside(self, scope: Any, receive: Any, send: Any) -> None:
        assert scope is self.scope
        self.came_in = True

    async def _receive(self) -> dict[str, Any]:
        return next(self._received)

    async def _send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)


@pytest.mark.parametrize(
    "headers",
    [[COOKIE], *([COOKIE, *token, _origin(one)] for token in ([], [TOKEN]) for one in FOREIGN)],
)
async def test_it_stays_out_and_is_noticed(headers: list[tuple[bytes, bytes]]) -> None:
    knock = Knock(*headers)
    (line,) = await knock.knock()
    assert (line["event"], line["log_level"]) == ("origin_refused", "warning")
    assert {name: line[name] for name in FIELDS[SecurityEvent.ORIGIN_REFUSED]} == {
        "person": None,
        "address": "192.0.2.7",
    }
    assert not knock.came_in
    assert [one["type"] for one in knock.sent] == ["websocket.close"]


@pytest.mark.parametrize(
    "headers", [[COOKIE, _origin(HERE.encode())], [TOKEN]], ids=["page", "program"]
)
async def test_a_page_of_ours_and_a_program_say_nothing(
    headers: list[tuple[bytes, bytes]],
) -> None:
    knock = Knock(*headers)
    assert await knock.knock() == []
    assert knock.came_in


async def test_each_is_counted() -> None:
    def count() -> float:
        labels = {"event": "origin_refused"}
        return REGISTRY.get_sample_value("schoolchat_security_events_total", labels) or 0

    before = count()
    await Knock(_origin(FOREIGN[0])).knock()
    assert count() == before + 1
