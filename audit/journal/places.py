"""Where the journal stands: a folder, best a mount from elsewhere, or a bucket.

An object a line, under the line's number. What was written is there whole, after a power cut too;
nothing is ever written over.
"""

import contextlib
import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import obstore
from django.conf import settings
from obstore.exceptions import BaseError
from obstore.store import S3Store

from audit.disk import force_folder
from audit.journal.errors import JournalAway, JournalFull, JournalShort, JournalTaken

if TYPE_CHECKING:
    from obstore.store import RetryConfig, S3Config

_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ROOM_SAID: Final = ("QuotaExceeded", "StorageFull", "507 ", "InsufficientStorage")
_END: Final = ".json"
_ASIDE: Final = ".aside"
#: Lines that may be forced to the disk together: a power cut may keep some and lose others.
TOGETHER: Final = 100
_RETRY: Final["RetryConfig"] = {"max_retries": 3, "retry_timeout": timedelta(seconds=15)}


type Write = Callable[[int, bytes], None]


class Place(Protocol):
    """Lines by their numbers. Everything raises JournalAway where it does not answer."""

    def read(self, number: int) -> bytes | None:
        """The line with this number, or None."""

    def together(self) -> AbstractContextManager[Write]:
        """`with there.together() as write:` keeps some lines that are not there yet, in their
        order; when the block has ended, however it does, those whose `write` returned are there
        whole. `write` raises JournalFull without room, JournalTaken where another line stands."""

    def set_aside(self, number: int) -> None:
        """Take a line away that a power cut has kept, and not the one before it. It is no line any
        more, and its bytes are kept beside the others. Raises JournalShort where there are no such
        lines, since each was kept before the next was written."""

    def numbers(self) -> list[int]:
        """The numbers of the lines that are there, in order."""


def place() -> Place:
    """The one that the school has chosen, made once a process."""
    return _place(settings.JOURNAL)


def stands_inside() -> bool:
    """Whether the journal is in the data folder, and so would be lost with it."""
    chosen = settings.JOURNAL
    return isinstance(chosen, Path) and chosen.is_relative_to(settings.DATA_DIR)


@cache
def _place(chosen: Any) -> Place:
    return Folder(chosen) if isinstance(chosen, Path) else Bucket(**asdict(chosen))


class Folder:
    """Files of mode 600. The folder itself is made by SchoolChat only inside the data folder: any
    other that is missing is a mount that is not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, number: int) -> bytes | None:
        """The line with this number, or None."""
        with _told_apart():
            self._find()
            try:
                return self._path(number).read_bytes()
            except FileNotFoundError:
                return None

    @contextlib.contextmanager
    def together(self) -> Iterator[Write]:
        """The folder is forced to the disk once for all of them."""
        with _told_apart():
            self._find()
        try:
            yield self._write
        finally:
            with _told_apart():
                force_folder(self._folder)

    def _write(self, number: int, raw: bytes) -> None:
        with _told_apart():
            unfinished = self._folder / f".{number:012d}.new"
            unfinished.unlink(missing_ok=True)
            try:
                _write(unfinished, raw)
                self._place(unfinished, number, raw)
            finally:
                with contextlib.suppress(OSError):
                    unfinished.unlink(missing_ok=True)

    def _place(self, unfinished: Path, number: int, raw: bytes) -> None:
        """A power cut may have kept a line and not the one before it: the same, or another's."""
        if not self._path(number).exists():
            unfinished.rename(self._path(number))
        elif self._path(number).read_bytes() != raw:
            raise JournalTaken

    def set_aside(self, number: int) -> None:
        """Under a name that no line has; whatever was set aside before stays as well."""
        with _told_apart():
            path = self._path(number)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            path.rename(path.with_suffix(f".{digest}{_ASIDE}"))
            force_folder(self._folder)

    def numbers(self) -> list[int]:
        """The numbers of the lines that are there, in order."""
        with _told_apart():
            self._find()
            return _numbers(file.name for file in self._folder.iterdir())

    def _find(self) -> None:
        if self._folder.is_relative_to(settings.DATA_DIR):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        elif not self._folder.is_dir():
            raise JournalAway

    def _path(self, number: int) -> Path:
        return self._folder / _name(number)


class Bucket:
    """Objects in S3-compatible storage, perhaps below a prefix."""

    def __init__(
        self, *, bucket: str, prefix: str, endpoint: str, region: str, key_id: str, secret: str
    ) -> None:
        config: S3Config = {"region": region or "us-east-1"}
        if endpoint:
            config["endpoint"] = endpoint
        if key_id:
            config["access_key_id"], config["secret_access_key"] = key_id, secret
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=config,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=5),
                "timeout": timedelta(seconds=30),
            },
            retry_config=_RETRY,
        )

    def read(self, number: int) -> bytes | None:
        """The line with this number, or None."""
        with _told_apart():
            try:
                return bytes(obstore.get(self._store, _name(number)).bytes())
            except FileNotFoundError:
                return None

    @contextlib.contextmanager
    def together(self) -> Iterator[Write]:
        """Each is there as soon as it was written."""
        yield self._write

    def _write(self, number: int, raw: bytes) -> None:
        with _told_apart():
            obstore.put(self._store, _name(number), raw, mode="create", use_multipart=False)

    def set_aside(self, number: int) -> None:
        """No line is there before the one in front of it: what is missing was taken away."""
        raise JournalShort from FileNotFoundError(_name(number - 1))

    def numbers(self) -> list[int]:
        """The numbers of the lines that are there, in order."""
        with _told_apart():
            return _numbers(
                one["path"].rpartition("/")[2] for some in obstore.list(self._store) for one in some
            )


@contextlib.contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        full = getattr(error, "errno", None) in _NO_ROOM
        full = full or any(mark in str(error) for mark in _NO_ROOM_SAID)
        raise (JournalFull if full else JournalAway) from error


def _name(number: int) -> str:
    return f"{number:012d}{_END}"


def _numbers(names: Iterator[str]) -> list[int]:
    stems = (name.removesuffix(_END) for name in names if name.endswith(_END))
    return sorted(int(stem) for stem in stems if stem.isdecimal())


def _write(path: Path, raw: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
