"""The embedded PostgreSQL: made, started, watched and stopped by us alone.

It listens on a socket only, asks everybody for a password (SCRAM), and writes no statement, value
or error of a statement into its log. It dies with the process that started it, however that ends.
"""

import os
import socket
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from schoolchat.database.address import PORT, Address, address_of
from schoolchat.database.binaries import find_binaries
from schoolchat.database.errors import AlreadyServedError, SetUpError
from schoolchat.database.folders import FileLock, make_folder
from schoolchat.database.memory import buffers
from schoolchat.database.passwords import SUPERUSER, kept_password
from schoolchat.database.place import StateDirectory, find_place
from schoolchat.database.postmaster import bare_environment, end, start_patiently, stop_orphan

SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",  # the password is the gate
    "password_encryption": "scram-sha-256",
    # Nothing that a person wrote may reach the server's log.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "maintenance_work_mem": "128MB",
    "work_mem": "16MB",
    "max_wal_size": "2GB",
    # What a long transaction writes goes to the disk meanwhile: else whoever commits a message next
    # waits until all of it is there.
    "wal_writer_delay": "10ms",
    "wal_writer_flush_after": "128kB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}


class EmbeddedPostgres:
    """The server of one data folder.

    `start` must be called on the main thread: the kernel ties the server's life to the thread
    that made it. Most callers want `lease.leased` instead, which shares one server.
    """

    def __init__(self, data_dir: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir.resolve()
        self._settings = {**SETTINGS, "shared_buffers": buffers(), **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: FileLock | None = None

    def address(self) -> Address:
        """Where it listens, or will."""
        return address_of(self.data_dir)

    def superuser_conninfo(self, database: str = "postgres") -> str:
        """How the superuser connects, for libpq. Holds the password: never log it."""
        address = self.address()
        password = kept_password(self.data_dir, SUPERUSER)
        return (
            f"host='{address.host}' port={address.port} user=postgres "
            f"password={password} dbname={database}"
        )

    def running(self) -> bool:
        """Whether it answers on its socket, whoever started it."""
        address = self.address()
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            try:
                probe.connect(f"{address.host}/.s.PGSQL.{address.port}")
            except OSError:
                return False
        return True

    def start(self) -> None:
        """Make it if need be, start it, and return when it takes connections."""
        if threading.current_thread() is not threading.main_thread():
            raise SetUpError("PostgreSQL can only be started by the main thread.")
        place = find_place(self.data_dir)
        self._take_lock(place)
        try:
            binaries = find_binaries(place)
            if not place.data.exists():
                _initialise(place, binaries, kept_password(self.data_dir, SUPERUSER))
            _check_version(place, binaries)
            stop_orphan(place)
            self._process = start_patiently(place, self._command(place, binaries))
        except BaseException:
            self._release_lock()
            raise

    def crashed(self) -> bool:
        """Whether the server that we started has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def restart(self) -> None:
        """Start it again after a crash."""
        self._process = None
        self._release_lock()
        self.start()

    def stop(self) -> None:
        """Stop the server that we started: connections are cut, what was committed is kept."""
        if self._process is not None:
            end(self._process)
            self._process = None
        self._release_lock()

    def _command(self, place: StateDirectory, binaries: Path) -> list[str]:
        command = [str(binaries / "postgres"), "-D", str(place.data), "-k", str(place.sockets)]
        command += ["-p", str(PORT)]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _take_lock(self, place: StateDirectory) -> None:
        lock = FileLock(place.state / "server.lock")
        if not lock.hold():
            lock.close()
            raise AlreadyServedError
        self._lock = lock

    def _release_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _initialise(place: StateDirectory, binaries: Path, password: str) -> None:
    """Make PostgreSQL's folder under another name and rename it, so that a half one never counts.

    The password goes through a file of the server's user, gone again at once.
    """
    draft = place.state / f"data.{os.getpid()}.tmp"
    make_folder(draft, mode=0o700, **place.account.owner)
    secret = draft.with_suffix(".pw")
    descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(password)
        if place.account.switch:
            os.chown(descriptor, place.account.uid, place.account.gid)
    try:
        _run_initdb(place, binaries, draft, secret)
    finally:
        secret.unlink()
    draft.rename(place.data)


def _run_initdb(place: StateDirectory, binaries: Path, target: Path, secret: Path) -> None:
    done = subprocess.run(
        [
            str(binaries / "initdb"),
            "--username=postgres",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--no-instructions",
            "-D",
            str(target),
        ],
        env=bare_environment(),
        cwd="/",
        umask=0o077,
        capture_output=True,
        text=True,
        check=False,
        **place.account.spawn,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["initdb failed"]
        raise SetUpError(f"PostgreSQL could not be made in {place.state}: {lines[-1]}")


def _check_version(place: StateDirectory, binaries: Path) -> None:
    shown = subprocess.run(
        [str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=True
    )
    ours = shown.stdout.split()[-1].split(".")[0]
    made_by = (place.data / "PG_VERSION").read_text().strip()
    if made_by != ours:
        raise SetUpError(
            f"The database in {place.data} was made by PostgreSQL {made_by} and this is {ours}: "
            "restore it from a backup, or install the version of SchoolChat that made it."
        )
