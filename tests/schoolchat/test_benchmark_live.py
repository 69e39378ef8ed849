"""The measurement of live delivery, as it is called: it touches nobody's data."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from benchmarks.live.generator.processes import Group, cpu_seconds
from benchmarks.live.sockets import process_of_ports
from schoolchat.management.commands import benchmark
from schoolchat.serving.lifeline import TREE
from tests.ready import ready_folder


def test_a_child_that_has_ended_is_counted_with_its_parent() -> None:
    """Each connection to PostgreSQL is a process, and many of them are short."""
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    parent = (
        "import subprocess, sys\n"
        f"subprocess.run([sys.executable, '-c', {burn!r}])\n"
        "print(flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert cpu_seconds(Group(trees=[process.pid], alone=[])) >= 0.3
        assert cpu_seconds(Group(trees=[], alone=[process.pid])) < 0.3
        process.communicate()


def test_the_process_of_a_socket_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = listening.getsockname()
        with (
            socket.create_connection(address) as client,
            listening.accept()[0],
            subprocess.Popen(["sleep", "60"]) as another,
        ):
            places = process_of_ports([another.pid, os.getpid()], address[1])
            another.kill()
            assert places == {client.getsockname()[1]: 1}


SMALL = "--load room50 --server bare,usual,schoolchat --rate 20 --seconds 1 --messages 20"


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """What `benchmark live --json` prints, with one step at a low rate."""
    with ready_folder() as folder:
        command = (
            "from django.core.management import call_command\n"
            "from schoolchat.management.commands import benchmark\n"
            f"benchmark.SHORT['live'] = {f'{SMALL} --data {folder}'!r}\n"
            "call_command('benchmark', 'live', json=True)\n"
        )
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "--command", command],
            cwd=TREE,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_server_delivers_every_message_to_every_member(measured: dict[str, Any]) -> None:
    rows = {row["server"]: row for row in measured["figures"]}
    assert rows.keys() == {"bare", "usual", "schoolchat"}
    for row in rows.values():
        assert row["errors"] == ""
        assert row["deliveries"] == pytest.approx(50 * row["messages"], rel=0.3)
        assert row["ms"]["p95"] > 0
        assert row["cpu"].keys() >= {"web", "postgres"}
    assert "redis" in rows["usual"]["cpu"]


def test_what_is_not_there_yet_is_one_clear_line() -> None:
    known = "only 'live' and 'log' and 'retention' and 'search'"
    with pytest.raises(CommandError, match=rf"^There is no benchmark 'love' yet, {known}\.$"):
        call_command("benchmark", "love")


def test_its_refusal_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    monkeypatch.setitem(benchmark.SHORT, "live", f"--data {in_the_way} --server schoolchat")
    with pytest.raises(SystemExit) as refused:
        call_command("benchmark", "live")
    assert refused.value.code == 1
    assert capfd.readouterr().err.count("\n") == 1
