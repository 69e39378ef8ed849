"""Files in a folder of this machine, or of one that is mounted here.

An object is written under another name, forced to the disk, and only then given its own: whoever
reads sees all of it or none. Folders have mode 700 and files 600.
"""

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from audit.disk import force_folder
from messaging.files.lost_ways import PlaceAway, PlaceFull

_READ_BYTES: Final = 256 * 1024
_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
#: Where objects are written before they have their names; on the same file system.
_UNFINISHED: Final = "unfinished"
#: What a process that was killed has left there is removed after a day.
_LEFT_SECONDS: Final = 24 * 60 * 60


class Folder:
    """An ObjectStore (places.py) of files, by the last two digits of their UUIDs in 256 folders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with contextlib.suppress(OSError):
            self._tidy()

    def put(self, name: str, chunks: Iterable[bytes]) -> None:
        """Keep an object: all of it, on the disk, or nothing."""
        path = self._path(name)
        with _told_apart():
            _make(path.parent)
            self._unfinished.mkdir(mode=0o700, exist_ok=True)
        unfinished = self._unfinished / f"{name}.{secrets.token_hex(8)}"
        try:
            self._write(unfinished, chunks)
            with _told_apart():
                unfinished.rename(path)
                force_folder(path.parent)
        finally:  # once it has its name, nothing is left under this one
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)

    def get(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Its bytes, a quarter of a mebibyte at a time."""
        with _told_apart():
            file = self._path(name).open("rb")
        with file:
            file.seek(start)
            left = None if end is None else end - start
            while left is None or left > 0:
                with _told_apart():
                    chunk = file.read(_READ_BYTES if left is None else min(_READ_BYTES, left))
                if not chunk:
                    return
                left = None if left is None else left - len(chunk)
                yield chunk

    def delete(self, name: str) -> None:
        """Take it out."""
        path = self._path(name)
        with _told_apart(), contextlib.suppress(FileNotFoundError):
            path.unlink()
            force_folder(path.parent)

    def exists(self, name: str) -> bool:
        """Whether it is there."""
        with _told_apart():
            return self._path(name).is_file()

    def ready(self) -> bool:
        """Whether this account may write there."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            return False
        return os.access(self._folder, os.R_OK | os.W_OK | os.X_OK)

    @property
    def _unfinished(self) -> Path:
        return self._folder / _UNFINISHED

    def _path(self, name: str) -> Path:
        """The end of a UUID is random; its beginning is the time in our UUIDs."""
        uuid = name.partition(".")[0]
        if not uuid.replace("-", "").isalnum() or "/" in name:
            raise ValueError(name)
        return self._folder / uuid[-2:] / name

    def _write(self, path: Path, chunks: Iterable[bytes]) -> None:
        with _told_apart():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            for chunk in chunks:
                with _told_apart():
                    _write_all(file.fileno(), chunk)
            with _told_apart():
                os.fsync(file.fileno())

    def _tidy(self) -> None:
        before = time.time() - _LEFT_SECONDS
        for file in self._unfinished.iterdir():
            if file.stat().st_mtime < before:
                file.unlink(missing_ok=True)


@contextlib.contextmanager
def _told_apart() -> Iterator[None]:
    """Only around our own calls of the system: what the chunks' source raises is its own affair."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise (PlaceFull if error.errno in _NO_ROOM else PlaceAway) from error


def _write_all(descriptor: int, chunk: bytes) -> None:
    left = memoryview(chunk)
    while left:
        left = left[os.write(descriptor, left) :]


def _make(folder: Path) -> None:
    """A new folder is on the disk when the one that it is in is."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700, parents=True)
        force_folder(folder.parent)
