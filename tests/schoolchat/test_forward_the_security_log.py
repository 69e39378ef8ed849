"""The security log leaves the product as JSON on standard error and, if wanted, to a syslog; a
syslog that is away is nobody's trouble."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.models import User
from audit.counters import REGISTRY
from schoolchat.logs import configure
from schoolchat.syslog import Forwarder, receiver
from tests.faults.product import until
from tests.faults.web import Web, web_processes

pytestmark = pytest.mark.django_db(transaction=True)

#: What somebody typed where it does not belong, and what must be in no line.
TYPED = ("canarypassword", "canary.address@school.example", "canarytoken", "canarymessage")
SECONDS = 10.0


class Browser:
    """As little of one as it takes to send a form."""

    def __init__(self, web: Web) -> None:
        self._host = str(urlsplit(web.url).netloc)
        self._cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> int:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, *, forged: bool = False, **form: str) -> int:
        token = "" if forged else self._cookies.get("csrftoken", "")
        fields = urlencode({**form, "csrfmiddlewaretoken": token})
        return self._ask(
            "POST", path, fields, {"Content-Type": "application/x-www-form-urlencoded"}
        )

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> int:
        connection = HTTPConnection(self._host, timeout=SECONDS)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        connection.request(method, path, body, {**headers, "Cookie": cookies})
        answer = connection.getresponse()
        answer.read()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        connection.close()
        return answer.status


def _be_a_nuisance(web: Web) -> None:
    """Wrong in several ways, with canaries in every field."""
    browser = Browser(web)
    browser.get("/accounts/login/")
    assert browser.post("/accounts/login/", login=TYPED[1], password=TYPED[0]) == 200
    assert browser.post("/accounts/login/", forged=True, login=TYPED[0], password=TYPED[3]) == 403
    assert browser.get(f"/?{TYPED[3]}", Authorization=f"Bearer {TYPED[2]}") == 401


def _security(lines: list[str]) -> list[dict[str, Any]]:
    read = [json.loads(line) for line in lines if line.startswith("{")]
    return [line for line in read if line.get("logger") == "schoolchat.security"]


@contextmanager
def datagrams() -> Iterator[tuple[str, socket.socket]]:
    """A syslog that listens for UDP, and its address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(SECONDS)
        yield f"127.0.0.1:{listening.getsockname()[1]}", listening


def test_the_product_says_the_same_on_standard_error_and_to_a_syslog_and_nothing_typed(
    alice: User, tmp_path: Path
) -> None:
    said = tmp_path / "stderr"
    with datagrams() as (address, syslog), said.open("wb") as out:
        with web_processes("uvicorn", out=out, SCHOOLCHAT_SYSLOG=address) as web:
            _be_a_nuisance(web)
            sent = [syslog.recv(65_536).decode() for _ in range(3)]
    written = said.read_text()
    here = _security(written.splitlines())
    assert [line["event"] for line in here] == [
        "sign_in_failed",
        "forgery_refused",
        "token_refused",
    ]
    assert {line["address"] for line in here} == {"127.0.0.1"}
    assert all(line.startswith("<84>schoolchat: {") for line in sent)  # authpriv, warning
    assert _security([line.partition(": ")[2] for line in sent]) == here
    assert [word for word in TYPED if word in written or word in str(sent)] == []


def test_a_syslog_that_is_away_keeps_nobody_waiting(alice: User, tmp_path: Path) -> None:
    said = tmp_path / "stderr"
    with said.open("wb") as out:
        away = str(tmp_path / "no-syslog-here")
        with web_processes("uvicorn", out=out, SCHOOLCHAT_SYSLOG=away) as web:
            _be_a_nuisance(web)
            until(lambda: "syslog_does_not_answer" in said.read_text())
    assert len(_security(said.read_text().splitlines())) == 3


@pytest.fixture
def record() -> Any:
    import logging

    def made(text: str) -> logging.LogRecord:
        return logging.LogRecord("schoolchat.security", logging.INFO, __file__, 1, text, None, None)

    return made


def _forwarder(address: str) -> Forwarder:
    return Forwarder(receiver(address))


def _line(stream: IO[bytes]) -> str:
    return stream.readline().decode()


def test_over_tcp_lines_end_with_a_line_feed_and_a_lost_connection_comes_back(record: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        forwarder = _forwarder(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        forwarder.handle(record("one"))
        first, _ = server.accept()
        first.settimeout(SECONDS)
        with first, first.makefile("rb") as stream:
            assert _line(stream) == "<86>schoolchat: one\n"
        server.settimeout(0.1)

        def comes_back() -> bool:
            forwarder.handle(record("again"))
            try:
                second, _ = server.accept()
            except TimeoutError:
                return False
            second.settimeout(SECONDS)
            with second, second.makefile("rb") as stream:
                return _line(stream) == "<86>schoolchat: again\n"

        until(comes_back)


def test_a_unix_socket_takes_lines(record: Any, tmp_path: Path) -> None:
    path = tmp_path / "log"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        listening.settimeout(SECONDS)
        _forwarder(str(path)).handle(record("one"))
        assert listening.recv(1_024) == b"<86>schoolchat: one"


def test_what_is_lost_is_counted(record: Any, tmp_path: Path) -> None:
    def lost() -> float:
        return REGISTRY.get_sample_value("schoolchat_syslog_lost_total") or 0.0

    before = lost()
    _forwarder(str(tmp_path / "nothing")).handle(record("one"))
    until(lambda: lost() == before + 1)


@pytest.mark.parametrize("text", ["syslog", "syslog:port", "ftp://syslog:514", "tcp://:514", ":1"])
def test_an_address_that_cannot_be_meant_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape("SCHOOLCHAT_SYSLOG is host:port")):
        configure({"syslog": text})
