"""What a backup or a restore refuses, in one plain sentence, and how the machine's own refusals are
said."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_RIGHT: Final = {errno.EACCES, errno.EPERM, errno.EROFS}
_NOT_THERE: Final = {errno.ENOENT, errno.ENOTDIR}


class BackupRefused(Exception):
    """It cannot be done; the sentence says what to do."""


@contextmanager
def told_plainly(folder: Path) -> Iterator[None]:
    """Say what the machine refuses below `folder` as a sentence."""
    try:
        yield
    except OSError as error:
        raise BackupRefused(_sentence(error, folder)) from error


def _sentence(error: OSError, folder: Path) -> str:
    if error.errno in _NO_ROOM:
        return f"There is no room left in {folder}: make room and run the command again."
    if error.errno in _NO_RIGHT:
        return f"This account may not read or write {folder}: give it the right, or name another."
    if error.errno in _NOT_THERE:
        return f"{error.filename or folder} is not there: make or mount it, or name another folder."
    return f"{folder} cannot be used: {error.strerror}."
