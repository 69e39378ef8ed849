"""The three forms in which a bundle comes back: encrypted, as the inner ZIP, as a folder. Pure."""

import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

from retention.exports import archive, encryption
from retention.exports.errors import NotABundle

_ZIP_STARTS = (b"PK\3\4", b"PK\5\6")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The files found, each with a way to open it, and what is wrong with what holds them."""

    files: tuple[tuple[str, Callable[[], IO[bytes]]], ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    files: list[tuple[str, Callable[[], IO[bytes]]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@contextmanager
def opened(path: Path, passphrase: str | None) -> Iterator[Source]:
    """Open a bundle in any form; raises ExportError when there is nothing to check."""
    if path.is_dir():
        yield _folder(path)
        return
    if not path.is_file():
        raise NotABundle(f"There is no bundle at {path}.")
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        if file.read(4) not in _ZIP_STARTS:
            raise NotABundle
        inner, odd = stack.enter_context(_unwrapped(file, passphrase))
        yield _zip(stack.enter_context(_zip_file(inner)), odd)


@contextmanager
def _unwrapped(
    file: BinaryIO, passphrase: str | None
) -> Iterator[tuple[BinaryIO, tuple[str, ...]]]:
    """The inner ZIP of a bundle, decrypted when it is encrypted."""
    odd = archive.odd_bytes(file)
    if not _is_encrypted(file):
        yield file, odd
        return
    # The working file is unreadable and nameless (spool.py), so any disk with room will do.
    folder = Path(tempfile.gettempdir())
    with encryption.decrypt(file, passphrase, folder) as inner:
        yield inner, (*odd, *archive.odd_bytes(inner))


def _is_encrypted(file: BinaryIO) -> bool:
    with _zip_file(file) as outer:
        return encryption.is_encrypted(outer)


def _zip_file(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except encryption.DAMAGE:
        raise NotABundle from None


def _zip(inner: zipfile.ZipFile, odd: tuple[str, ...]) -> Source:
    members = (member for member in inner.infolist() if not member.is_dir())
    files = tuple((m.orig_filename, partial(inner.open, m)) for m in members)
    return Source(files=files, problems=odd)


def _folder(path: Path) -> Source:
    found = _Found()
    for folder, names, files in os.walk(path):
        here = Path(folder)
        found.problems.extend(
            f"{(here / name).relative_to(path)} is a link, not a folder of the bundle."
            for name in names
            if (here / name).is_symlink()
        )
        for name in files:
            _add(found, here / name, path)
    return Source(files=tuple(found.files), problems=tuple(found.problems))


def _add(found: _Found, file: Path, root: Path) -> None:
    name = file.relative_to(root).as_posix()
    if file.is_symlink() or not file.is_file():
        found.problems.append(f"{name} is not an ordinary file.")
    else:
        found.files.append((name, partial(_open_file, file)))


def _open_file(file: Path) -> IO[bytes]:
    return file.open("rb")
