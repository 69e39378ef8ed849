"""The whole product in one process group: database, web processes, worker, sealer."""

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from django.db import connection

from audit import slots
from schoolchat.backup.models import Restore
from schoolchat.database.errors import SetUpError
from schoolchat.database.folders import FileLock, make_folder
from schoolchat.database.lease import Lease
from schoolchat.environment import has_redis, text, words
from schoolchat.restore.mark import HALF_RESTORED, mark_in
from schoolchat.serving.children import BACKGROUND, Child
from schoolchat.serving.lifeline import PASSWORDS, Lifeline, lifeline
from schoolchat.serving.readiness import database_ready, migrate, use_embedded

SERVERS: Final = ("uvicorn", "daphne")  # the first is the usual one
STEP_SECONDS: Final = 0.1
DATABASE_STEP_SECONDS: Final = 1.0
ANSWER_SECONDS: Final = 5.0
READY_SECONDS: Final = 120.0
STOP_SECONDS: Final = 15.0


@dataclass(frozen=True, kw_only=True)
class Order:
    """What `serve` was asked for. Port 0 picks a free one. `remarks` are said once it starts."""

    data_dir: Path
    host: str
    port: int
    workers: int
    demo: bool
    remarks: Sequence[str] = ()


def serve(order: Order) -> None:
    """Run until asked to stop; raises SetUpError for what cannot be run."""
    _check(order)
    with (
        _only_one(order.data_dir),
        _signals(),
        contextlib.suppress(KeyboardInterrupt),
        _bound_socket(order) as listener,
        _database(order.data_dir) as lease,
        lifeline() as line,
    ):
        for remark in order.remarks:
            _say(remark)
        slots.make_anew(order.data_dir / "metrics")
        if order.demo:
            _fill_demo(line)
        _run(order, listener, lease, line)


def _check(order: Order) -> None:
    if mark_in(order.data_dir).exists():
        raise SetUpError(HALF_RESTORED)
    if order.workers > 1 and not has_redis():
        raise SetUpError("More than one worker needs Redis: set REDIS_URL, or leave out --workers.")
    if text("SCHOOLCHAT_SERVER", SERVERS[0]) not in SERVERS:
        raise SetUpError(f"SCHOOLCHAT_SERVER is one of: {', '.join(SERVERS)}.")
    if text("SCHOOLCHAT_RATES", "on") == "off":
        _say("!!! RATE LIMITS ARE OFF (SCHOOLCHAT_RATES=off): for measurements only !!!")


@contextlib.contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    try:
        make_folder(data_dir, mode=0o711 if os.geteuid() == 0 else 0o700)
        lock = FileLock(data_dir / "serve.lock")
    except OSError as error:
        raise SetUpError(f"Cannot use {data_dir}: {error.strerror}.") from error
    if not lock.hold():
        lock.close()
        raise SetUpError(f"SchoolChat is already being served from {data_dir}.")
    try:
        yield
    finally:
        lock.close()


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """Both ways of asking raise KeyboardInterrupt, once: while we stop, nobody hurries us."""

    def stop(_number: int, _frame: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextlib.contextmanager
def _bound_socket(order: Order) -> Iterator[socket.socket]:
    """Bound before anything is started, so that a taken port costs nobody a start."""
    family = socket.AF_INET6 if ":" in order.host else socket.AF_INET
    try:
        listener = socket.create_server((order.host, order.port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise SetUpError(f"Cannot listen on {order.host} port {order.port}: {error}.") from error
    with listener:
        yield listener


@contextlib.contextmanager
def _database(data_dir: Path) -> Iterator[Lease | None]:
    if use_embedded():
        with database_ready(data_dir) as lease:
            yield lease
        return
    migrate()
    _refuse_half_restored()
    for name in [name for name in os.environ if name.startswith(f"{PASSWORDS}OWNER")]:
        del os.environ[name]  # children started from now on never see it
    yield None


def _refuse_half_restored() -> None:
    """Another machine may have begun it, on the server that this one has too."""
    half = Restore.objects.filter(ended_at=None).exists()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    if half:
        raise SetUpError(HALF_RESTORED)


def _fill_demo(line: Lifeline) -> None:
    """Hand on what it prints, the password and the accounts; it refuses any other database."""
    filling = line.start(["manage.py", "fill_demo"], role="owner", out=1)
    try:
        status = filling.wait()
    except KeyboardInterrupt:
        filling.terminate()
        filling.wait()
        raise
    if status:
        raise SetUpError("The demo data could not be filled in; the lines above say why.")


def _run(order: Order, listener: socket.socket, lease: Lease | None, line: Lifeline) -> None:
    children = _children(order, listener)
    try:
        _tend_until_ready(children, line, listener)
        _say_ready(order, listener)
        _tend_for_ever(children, line, lease)
    finally:
        _stop(children)


def _children(order: Order, listener: socket.socket) -> list[Child]:
    descriptor = listener.fileno()
    server = text("SCHOOLCHAT_SERVER", SERVERS[0])
    web = [
        Child(
            name=f"web {number}",
            command=["-m", f"schoolchat.serving.{server}", str(descriptor)],
            role="web",
            hand_over=[descriptor],
        )
        for number in range(1, order.workers + 1)
    ]
    worker = Child(
        name="worker",
        command=["manage.py", "procrastinate", "worker"],
        role="worker",
        niceness=BACKGROUND,
    )
    sealer = Child(
        name="sealer",
        command=["manage.py", "seal_log", "--every", "60"],
        role="sealer",
        niceness=BACKGROUND,
    )
    return [*web, worker, sealer]


def _tend_until_ready(children: list[Child], line: Lifeline, listener: socket.socket) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(listener):
        if time.monotonic() > deadline:
            raise SetUpError("SchoolChat does not answer; the lines above say why.")
        for child in children:
            child.tend(line)
        time.sleep(STEP_SECONDS)


def _answers(listener: socket.socket) -> bool:
    """Whether /healthz says yes."""
    address, port = listener.getsockname()[:2]
    if ip_address(address).is_unspecified:
        address = "::1" if ":" in address else "127.0.0.1"
    connection = HTTPConnection(address, port, timeout=ANSWER_SECONDS)
    try:
        host = words("SCHOOLCHAT_HOSTS", "localhost")[0]  # the only names that are answered
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _say_ready(order: Order, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    sys.stdout.write(f"ready http://{_bracketed(order.host)}:{port}/\n")
    sys.stdout.flush()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _tend_for_ever(children: list[Child], line: Lifeline, lease: Lease | None) -> None:
    look = 0.0
    while True:
        for child in children:
            child.tend(line)
        if lease is not None and time.monotonic() > look:
            _tend_database(lease)
            look = time.monotonic() + DATABASE_STEP_SECONDS
        time.sleep(STEP_SECONDS)


def _tend_database(lease: Lease) -> None:
    """The keeper restarts a killed server; a killed keeper is started again here."""
    try:
        lease.ensure()
    except SetUpError as error:
        _say(str(error))


def _stop(children: list[Child]) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.ask_to_end()
    for child in children:
        child.see_end(deadline)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
