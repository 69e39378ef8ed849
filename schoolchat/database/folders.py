"""Folders and files whose owner and mode matter. No directory that we did not make is changed."""

import fcntl
import os
from pathlib import Path


def make_folder(path: Path, *, mode: int, uid: int = -1, gid: int = -1) -> None:
    """Make `path` with exactly this mode and owner; missing parents may be entered by anyone."""
    if path.is_dir():
        return
    for parent in reversed(path.parents):
        if not parent.exists():
            _make_one(parent, 0o755)
    _make_one(path, mode)
    if uid >= 0:
        os.chown(path, uid, gid, follow_symlinks=False)


def _make_one(path: Path, mode: int) -> None:
    try:
        path.mkdir()
    except FileExistsError:
        return
    path.chmod(mode)  # whatever the umask


def write_private(path: Path, content: str) -> None:
    """Write a file of mode 600, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)


class FileLock:
    """An advisory lock on a file, which the kernel lets go of when its holder dies, however. Where
    it is not to `make` the file, FileNotFoundError is raised without one."""

    def __init__(self, path: Path, *, make: bool = True) -> None:
        flags = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if make else 0)
        self._descriptor = os.open(path, flags, 0o600)

    def share(self) -> None:
        """Wait until nobody holds it alone."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def hold(self) -> bool:
        """Take it alone, if nobody has it."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait(self) -> None:
        """Take it alone, however long that lasts."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def fileno(self) -> int:
        """Its descriptor: a process that inherits it holds the lock as well."""
        return self._descriptor

    def close(self) -> None:
        """Let go."""
        os.close(self._descriptor)
