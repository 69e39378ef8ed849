"""`manage.py serve`, as it is typed: it starts, heals, refuses, and leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

import pytest

from schoolchat.database.place import find_place
from schoolchat.serving.lifeline import TREE, environment_for

PATIENCE_SECONDS = 90.0
CLEARED = ("SCHOOLCHAT_DB_ROLE", "DATABASE_URL", "REDIS_URL", "SCHOOLCHAT_RATES")


@dataclass(frozen=True, kw_only=True)
class Served:
    process: subprocess.Popen[str]
    url: str

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=5) as answer:  # noqa: S310 - ours
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="schoolchat-serve-"))
    folder.chmod(0o711)
    yield folder / "data"
    shutil.rmtree(folder)


def _environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in CLEARED}
    return {**kept, "SCHOOLCHAT_DATA": str(data), **more}


def _start(
    data: Path, *arguments: str, said: IO[str] | None = None, **more: str
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(TREE / "manage.py"), "serve", "--port", "0", *arguments],
        env=_environment(data, **more),
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=said,
        text=True,
    )


@contextmanager
def _served(data: Path, said: IO[str] | None = None, **more: str) -> Iterator[Served]:
    """The product, ready; killed at the end if it is still there."""
    with _start(data, said=said, **more) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("ready http://127.0.0.1:"), line
            yield Served(process=process, url=line.removeprefix("ready ").strip())
        finally:
            process.kill()


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def _family(data: Path) -> list[str]:
    """The command lines of all processes that serve this folder: children carry it in their
    environment, the keeper and the server in their arguments."""
    shown = subprocess.run(
        ["ps", "axeww", "-o", "args="], capture_output=True, text=True, check=True
    )
    return [
        line for line in shown.stdout.splitlines() if str(data) in line and "ps axeww" not in line
    ]


def _postmaster(data: Path) -> int:
    return int((find_place(data).data / "postmaster.pid").read_text().split()[0])


def test_it_serves_and_ends_when_asked(data: Path, tmp_path: Path) -> None:
    said = tmp_path / "said"
    with said.open("w") as errors, _served(data, errors, SCHOOLCHAT_SCANNER="") as served:
        assert served.answers("healthz")
        assert served.answers("readyz")
        served.process.terminate()
        assert served.process.wait(30) == 0
        assert _family(data) == []
    assert said.read_text().count("messaging.W001") == 1


def test_nothing_is_left_when_it_is_killed(data: Path) -> None:
    with _served(data) as served:
        assert len(_family(data)) > 4
        served.process.kill()
        served.process.wait()
        _wait_until(lambda: _family(data) == [])


def test_it_heals_when_the_database_is_killed_and_is_alone_on_its_data(data: Path) -> None:
    with _served(data) as served:
        before = _postmaster(data)
        os.kill(before, signal.SIGKILL)
        _wait_until(lambda: served.answers("readyz") and _postmaster(data) != before)
        second = _run_refused(data)
        assert second.stderr.strip() == f"SchoolChat is already being served from {data}."
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(30) == 0


def test_it_serves_with_daphne_too(data: Path) -> None:
    with _served(data, SCHOOLCHAT_SERVER="daphne") as served:
        assert served.answers("healthz")
        assert _status_of(served, "/sign-in/", 1024 * 1024 + 1) == 413
        assert _status_of(served, "/messages/uploads/", 6 * 1024 * 1024 + 1) == 413
        assert _status_of(served, "/messages/uploads/", 5 * 1024 * 1024) == 403


def _status_of(served: Served, path: str, size: int) -> int:
    """The answer to a body of that size that does not say so beforehand."""
    http = HTTPConnection(served.url.removeprefix("http://").rstrip("/"), timeout=20)
    pieces = (bytes(min(64 * 1024, size - at)) for at in range(0, size, 64 * 1024))
    with closing(http):
        http.request("POST", path, pieces, {"Transfer-Encoding": "chunked"}, encode_chunked=True)
        return http.getresponse().status


def test_several_workers_want_redis(data: Path) -> None:
    refused = _run_refused(data, "--workers", "2")
    assert "set REDIS_URL" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_taken_port_is_one_clear_line(data: Path) -> None:
    refused = _run_refused(data, "--host", "192.0.2.1")
    assert refused.stderr.startswith("Cannot listen on 192.0.2.1 port 0: ")
    assert refused.stderr.count("\n") == 1


def _run_refused(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    refused = subprocess.run(
        [sys.executable, str(TREE / "manage.py"), "serve", "--port", "0", *arguments],
        env=_environment(data),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert refused.stdout == ""
    return refused


def test_a_child_is_given_the_password_of_its_own_role_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCHOOLCHAT_DB_PASSWORD_OWNER", "a")
    monkeypatch.setenv("SCHOOLCHAT_DB_PASSWORD_WEB", "b")
    monkeypatch.setenv("SCHOOLCHAT_DB_PASSWORD_WORKER_FILE", "/c")
    found = {name for name in environment_for("web") if "PASSWORD" in name}
    assert found == {"SCHOOLCHAT_DB_PASSWORD_WEB"}
    assert environment_for("worker")["SCHOOLCHAT_DB_ROLE"] == "worker"
    assert "SCHOOLCHAT_DB_PASSWORD_WORKER_FILE" in environment_for("worker")
