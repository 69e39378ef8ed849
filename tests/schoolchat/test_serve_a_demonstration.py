"""A demonstration on another port says on its sheets and in its mails where it is."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from schoolchat.management.commands import serve as command
from schoolchat.serving.lifeline import TREE
from schoolchat.serving.product import Order
from tests.ready import ready_folder

CLEARED = ("SCHOOLCHAT_DB_ROLE", "SCHOOLCHAT_URL", "DATABASE_URL", "REDIS_URL", "SCHOOLCHAT_RATES")


@pytest.fixture(autouse=True)
def _nobody_said_where(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in CLEARED:
        # Set first, so that what the command puts there is taken away again.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def _address(host: str = "127.0.0.1", port: int = 9000) -> str | None:
    """What the processes of such a demonstration are told."""
    order = Order(data_dir=Path("unused"), host=host, port=port, workers=1, demo=True)
    command._give_address(order)
    return os.environ.get("SCHOOLCHAT_URL")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://localhost:9000"),
        ("0.0.0.0", "http://localhost:9000"),  # noqa: S104
        ("::1", "http://localhost:9000"),
        ("192.0.2.7", "http://192.0.2.7:9000"),
        ("2001:db8::7", "http://[2001:db8::7]:9000"),
        ("chat.example", "http://chat.example:9000"),
    ],
)
def test_it_is_where_it_listens(host: str, address: str) -> None:
    assert _address(host) == address


def test_what_was_set_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SCHOOLCHAT_URL", "https://demo.example")
    assert _address() == "https://demo.example"
    monkeypatch.delenv("SCHOOLCHAT_URL")
    file = tmp_path / "url"
    file.write_text("https://demo.example\n")
    monkeypatch.setenv("SCHOOLCHAT_URL_FILE", str(file))
    assert _address() is None


def test_a_port_that_is_still_to_be_picked_is_not_made_up() -> None:
    assert _address(port=0) is None


@pytest.fixture
def data() -> Iterator[Path]:
    with ready_folder() as folder:
        yield folder / "data"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _told(data: Path) -> set[str]:
    """The address in the environments of all processes that serve this folder."""
    shown = subprocess.run(
        ["ps", "axeww", "-o", "args="], capture_output=True, text=True, check=True
    )
    children = [line for line in shown.stdout.splitlines() if f"SCHOOLCHAT_DATA={data}" in line]
    return {
        word.partition("=")[2]
        for line in children
        for word in line.split()
        if word.startswith("SCHOOLCHAT_URL=")
    }


def test_the_processes_that_print_it_are_told(data: Path) -> None:
    port = _free_port()
    with subprocess.Popen(
        [sys.executable, str(TREE / "manage.py"), "serve", "--demo", "--port", str(port)],
        env={**os.environ, "SCHOOLCHAT_DATA": str(data)},
        cwd="/",
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            assert any(line == f"ready http://127.0.0.1:{port}/\n" for line in lines)
            assert _told(data) == {f"http://localhost:{port}"}
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
