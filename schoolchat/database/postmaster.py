"""One run of the server's process: up, watched over by the kernel, and down again."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from schoolchat.database.errors import SetUpError
from schoolchat.database.place import StateDirectory

RETRY_SECONDS: Final = 10.0  # old backends of a killed server may still be ending
RECOVERY_SECONDS: Final = 600.0  # a long WAL is replayed before the server answers
STOP_SECONDS: Final = 60.0
STEP_SECONDS: Final = 0.02
LOG_BYTES: Final = 5_000_000
PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
STATUS_LINE: Final = 7  # of postmaster.pid, counted from 0; the first line is its process's number
PROC: Final = Path("/proc")


def start_patiently(place: StateDirectory, command: list[str]) -> subprocess.Popen[bytes]:
    """Try for some seconds, since what is left of a killed server stands in the way for a while."""
    deadline = time.monotonic() + RETRY_SECONDS
    while True:
        _forget_stale_pid(place)
        process = _spawn(place, command)
        if _comes_up(place, process):
            return process
        if time.monotonic() > deadline:
            raise SetUpError(f"PostgreSQL does not start: {_last_words(place)}")
        time.sleep(0.3)


def _spawn(place: StateDirectory, command: list[str]) -> subprocess.Popen[bytes]:
    if place.log.exists() and place.log.stat().st_size > LOG_BYTES:
        place.log.replace(place.log.with_suffix(".log.1"))
    descriptor = os.open(place.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            command,
            env=bare_environment(),
            cwd="/",
            umask=0o077,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
            preexec_fn=_die_with_parent(),  # noqa: PLW1509 - start() allows no other thread
            **place.account.spawn,
        )
    finally:
        os.close(descriptor)


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux the kernel sends the server a fast stop when the thread that started it ends.

    It runs after the change of user, which would clear the wish. Elsewhere a server may outlive
    a killed keeper; the next start stops it (see stop_orphan).
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask_the_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel


def _comes_up(place: StateDirectory, process: subprocess.Popen[bytes]) -> bool:
    """Wait until its pid file says ready; False when it ended instead."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while process.poll() is None:
        lines = _pid_file(place)
        if lines[STATUS_LINE:] and (lines[STATUS_LINE], lines[0]) == ("ready", str(process.pid)):
            return True
        if time.monotonic() > deadline:
            end(process)
            raise SetUpError("PostgreSQL is still recovering after ten minutes; see its log.")
        time.sleep(STEP_SECONDS)
    return False


def _pid_file(place: StateDirectory) -> list[str]:
    try:
        text = (place.data / "postmaster.pid").read_text()
    except FileNotFoundError:
        return []
    return [line.strip() for line in text.splitlines()]


def _holder(place: StateDirectory) -> int | None:
    lines = _pid_file(place)
    return int(lines[0]) if lines and lines[0].isdigit() else None


def _is_ours(place: StateDirectory, pid: int) -> bool:
    """Whether that live process is a postmaster in our data folder, where it always stays."""
    if PROC.is_dir():
        try:
            return (PROC / str(pid) / "cwd").readlink() == place.data
        except OSError:
            return False
    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return str(place.data) in shown.stdout


def _forget_stale_pid(place: StateDirectory) -> None:
    """A number used again by another process of the same user would keep the server from starting.

    Usual in containers, where numbers begin anew. Our lock says that no server of ours is alive.
    """
    pid = _holder(place)
    if pid is not None and not _is_ours(place, pid):
        (place.data / "postmaster.pid").unlink(missing_ok=True)


def stop_orphan(place: StateDirectory) -> None:
    """Stop a server that has outlived its keeper: we hold the lock, so it is nobody's."""
    pid = _holder(place)
    if pid is None or not _is_ours(place, pid):
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    while _is_ours(place, pid):
        if time.monotonic() > deadline:
            raise SetUpError(f"A PostgreSQL server (process {pid}) in {place.data} does not end.")
        time.sleep(STEP_SECONDS)


def end(process: subprocess.Popen[bytes]) -> None:
    """Fast first; immediately (it recovers at the next start) when that takes too long."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is None:
            process.send_signal(number)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


def _last_words(place: StateDirectory) -> str:
    lines = place.log.read_text(errors="replace").strip().splitlines()[-20:]
    loud = [line for line in lines if "FATAL" in line or "PANIC" in line]
    return (loud or lines or ["it left no word"])[-1]


def bare_environment() -> dict[str, str]:
    """All that the server's programs need of the world."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
