"""People who go away before the answer: what was held for them is given back."""

import socket
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import urlsplit

from tests.faults.product import Generated, Person, Running

LEAVE = 60  # several times the connections that a web process keeps
PATIENCE_SECONDS = 30.0


def _ask_and_leave(running: Running, person: Person, stay: float) -> None:
    """A request for a page, and the connection cut after `stay` seconds."""
    where = urlsplit(running.url)
    with socket.create_connection((where.hostname, where.port)) as connection:
        connection.sendall(
            f"GET /channels/ HTTP/1.1\r\nHost: {where.netloc}\r\n"
            f"Authorization: Bearer {person.token}\r\n\r\n".encode()
        )
        time.sleep(stay)


def _page(running: Running, person: Person) -> int:
    asked = urllib.request.Request(  # noqa: S310 - our own server
        f"{running.url}channels/", headers={"Authorization": f"Bearer {person.token}"}
    )
    with urllib.request.urlopen(asked, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
        return int(answer.status)


def test_requests_that_nobody_waits_for_use_up_no_connection(
    generated: Generated, running: Running
) -> None:
    person = generated.people[0]
    assert _page(running, person) == 200
    for number in range(LEAVE):
        _ask_and_leave(running, person, stay=number % 12 / 400)
    for _ in range(3):
        assert _page(running, person) == 200


def test_a_whole_staff_that_comes_at_once_is_served(generated: Generated, running: Running) -> None:
    person = generated.people[0]
    with ThreadPoolExecutor(LEAVE) as staff:
        found = list(staff.map(lambda _: _page(running, person), range(LEAVE)))
    assert found == [200] * LEAVE


def test_who_never_sends_what_was_announced_holds_nobody_up(
    generated: Generated, running: Running
) -> None:
    person, where = generated.people[0], urlsplit(running.url)
    head = f"POST /channels/ HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: 10\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(LEAVE):
            silent = stack.enter_context(socket.create_connection((where.hostname, where.port)))
            silent.sendall(head.encode())
        assert _page(running, person) == 200
