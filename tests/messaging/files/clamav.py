"""A real clamd on a socket of its own, which knows one signature: that of the EICAR string.

It needs no network, no freshclam, and no right of root; it starts within half a second.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.messaging.files.samples import EICAR

CLAMD = shutil.which("clamd") or "/usr/sbin/clamd"
_START_SECONDS = 20
_CONFIGURATION = """
LocalSocket {folder}/clamd.sock
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
LogFile {folder}/clamd.log
Foreground yes
StreamMaxLength 1M
{user}
"""


@contextmanager
def clamd() -> Iterator["Clamd"]:
    """One that runs until the end of the block. A socket's path may have 107 bytes: a short one."""
    with tempfile.TemporaryDirectory(prefix="clamd") as folder:
        daemon = Clamd(Path(folder))
        daemon.start()
        try:
            yield daemon
        finally:
            daemon.stop()


class Clamd:
    """It can be stopped and started again, as it is when its signatures are renewed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self.socket = folder / "clamd.sock"
        self.unix = f"unix://{self.socket}"
        self.tcp = f"tcp://127.0.0.1:{self.port}"
        (folder / "signatures").mkdir()
        (folder / "signatures" / "own.ndb").write_text(f"Eicar-Test:0:*:{EICAR.hex()}\n")
        user = "User root" if os.geteuid() == 0 else ""
        said = _CONFIGURATION.format(folder=folder, port=self.port, user=user)
        (folder / "clamd.conf").write_text(said)

    def start(self) -> None:
        """Returns when it answers."""
        self._process = subprocess.Popen(
            [CLAMD, f"--config-file={self._folder / 'clamd.conf'}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + _START_SECONDS
        while not self._answers():
            assert time.monotonic() < end, (self._folder / "clamd.log").read_text()
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self.socket.unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(b"zPING\0")
                return line.recv(10) == b"PONG\0"
        except OSError:
            return False


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
