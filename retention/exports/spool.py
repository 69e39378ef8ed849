"""Working files that hold no readable byte on the disk, so that there is nothing to wipe. Pure.

A bundle is far larger than memory may be, and passes over a disk before it is encrypted for its
recipient. Overwriting a file proves nothing on today's disks; here what reaches the disk is
encrypted under a key that only this process has, in a file without a name. Both are gone with
the process, also when it is killed.
"""

import io
import os
import tempfile
from collections.abc import Buffer
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

_BLOCK = 16  # bytes
_BUFFER = 1 << 16  # bytes


def open_spool(folder: Path) -> io.BufferedRandom:
    """An empty working file on the disk of `folder`, for writing, seeking and reading back."""
    return io.BufferedRandom(_SealedFile(folder), _BUFFER)


class _SealedFile(io.RawIOBase):
    """AES-256 in counter mode: the key stream's place is the file's place, so it can seek.

    A few bytes of a ZIP's headers are written twice at one place, which tells a thief of the
    disk their difference: sizes and checksums, no content.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        handle, name = tempfile.mkstemp(prefix=".export-", dir=folder)
        Path(name).unlink()
        self._file = io.FileIO(handle, "r+")
        self._key = os.urandom(32)
        self._stream: CipherContext | None = None

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._stream = None
        return self._file.seek(offset, whence)

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        stream = self._at_place()
        data = self._file.read(len(view))
        view[: len(data)] = stream.update(data)
        return len(data)

    def write(self, data: Buffer) -> int:
        sealed = self._at_place().update(memoryview(data).cast("B"))
        rest = memoryview(sealed)
        while rest:
            rest = rest[self._file.write(rest) :]
        return len(sealed)

    def truncate(self, size: int | None = None) -> int:
        return self._file.truncate(size)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _at_place(self) -> CipherContext:
        if self._stream is None:
            block, skipped = divmod(self._file.tell(), _BLOCK)
            self._stream = Cipher(AES(self._key), CTR(block.to_bytes(_BLOCK, "big"))).encryptor()
            self._stream.update(bytes(skipped))
        return self._stream
