"""A drill that is killed leaves a database and a keyring: the next who comes takes them away."""

import base64
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from schoolchat.database.address import record_of
from schoolchat.restore import places
from schoolchat.restore.places import drill_place, sweep_drills
from schoolchat.serving.lifeline import TREE

_DRILL = """
import subprocess, sys
from schoolchat.restore.places import drill_place
with drill_place() as place:
    (place.folder / "keyring").write_text("sealed")
    child = subprocess.Popen(["cat"], pass_fds=[place.lock], stdin=subprocess.PIPE,
                             stdout=subprocess.DEVNULL)
    print(place.folder, child.pid, flush=True)
    child.wait()
"""

#: Seconds after which whoever has not come does not come.
LONG = 120
#: What a drill runs tells the test that it is there, and is then asked to end by nobody.
_STARTER = """
import django, os, sys
django.setup()
from schoolchat.restore.drill import run_there
from schoolchat.restore.places import drill_place
with drill_place() as place:
    run_there(["-c", sys.argv[1], sys.argv[2]], place)
"""
_STARTED = """
import os, signal, sys
from schoolchat.serving.parent import live_with_parent
live_with_parent()
with open(sys.argv[1], "w") as there:
    there.write(str(os.getpid()))
while True:
    signal.pause()
"""


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def test_what_a_killed_drill_has_left_goes_once_nobody_of_it_is_there() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _DRILL], cwd=TREE, stdout=subprocess.PIPE
    ) as drill:
        assert drill.stdout is not None
        folder, child = drill.stdout.readline().split()
        left, keyring = Path(folder.decode()), Path(folder.decode()) / "keyring"
        sweep_drills()
        assert keyring.exists()
        restoring = os.pidfd_open(int(child))
        signal.pidfd_send_signal(restoring, signal.SIGSTOP)  # and so it outlives who started it
        drill.kill()
    sweep_drills()
    assert keyring.exists()
    signal.pidfd_send_signal(restoring, signal.SIGKILL)
    select.select([restoring], [], [])
    os.close(restoring)
    sweep_drills()
    assert not left.exists()


def test_what_a_drill_has_started_ends_with_it_when_it_is_killed(tmp_path: Path) -> None:
    there = tmp_path / "there"
    os.mkfifo(there)
    master = base64.b64encode(bytes(32)).decode()
    environment = {**os.environ, "SCHOOLCHAT_MASTER_KEY": master}
    with subprocess.Popen(
        [sys.executable, "-c", _STARTER, _STARTED, str(there)], cwd=TREE, env=environment
    ) as drill:
        started = os.pidfd_open(int(_said(there)))
        drill.kill()
    try:
        assert select.select([started], [], [], LONG)[0], "it goes on without the drill"
    finally:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(started, signal.SIGKILL)
        os.close(started)


def _said(there: Path) -> bytes:
    """What somebody writes into a pipe; fails where nobody comes."""
    reading = os.open(there, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert select.select([reading], [], [], LONG)[0], "it was not started"
        return os.read(reading, 100)
    finally:
        os.close(reading)


def test_one_that_ends_takes_all_of_its_own_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "ELSEWHERE", tmp_path / "elsewhere")
    laid = tmp_path / "elsewhere" / "1234"
    (laid / "sock").mkdir(parents=True)
    with drill_place() as place:
        said = {"data": str(place.folder), "state": str(laid), "sockets": str(laid / "sock")}
        record_of(place.folder).write_text(json.dumps(said))
    assert sorted(tmp_path.iterdir()) == [tmp_path / "elsewhere"]
    assert not laid.exists()


def test_what_is_not_a_folder_of_ours_stays(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "thing").write_text("of somebody")
    (tmp_path / "schoolchat-drill-link").symlink_to(kept)
    with drill_place() as place:
        sweep_drills()
        assert place.folder.is_dir()
    assert (kept / "thing").exists()


def test_a_sweep_that_is_ended_lets_go_and_one_beside_another_locks_nothing_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "schoolchat-drill-left"
    left.mkdir()
    lock = left / ".lock"
    with monkeypatch.context() as patch:
        patch.setattr(places, "_remove", lambda _folder: None)
        sweep_drills()
        assert not lock.exists(), "the other could not take the folder away"
        lock.touch()
        patch.setattr(places, "_remove", _end_here)
        with pytest.raises(KeyboardInterrupt):
            sweep_drills()
    sweep_drills()
    assert not left.exists()


def _end_here(_folder: Path) -> None:
    raise KeyboardInterrupt


def test_what_somebody_else_has_swept_meanwhile_is_in_nobodys_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.glob

    def with_one_that_goes(folder: Path, pattern: str) -> Iterator[Path]:
        yield folder / "schoolchat-drill-gone"
        yield from real(folder, pattern)

    left = tmp_path / "schoolchat-drill-left"
    left.mkdir()
    monkeypatch.setattr(Path, "glob", with_one_that_goes)
    sweep_drills()
    assert not left.exists()
