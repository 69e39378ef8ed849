"""A bundle encrypted for its recipient: a ZIP with WinZip AES-256, opened by 7-Zip or WinZip.

The inner ZIP is its one member, so that what can be read without the passphrase is a size and
the name `export.zip`. The format turns a passphrase into a key with 1,000 rounds of PBKDF2, which
protects no human's favourite word: `new_passphrase` makes one that needs no stretching.
"""

import errno
import os
import secrets
import shutil
import struct
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import pyzipper

from retention.exports.errors import ExportError, PassphraseNeeded, WeakPassphrase, WrongPassphrase
from retention.exports.spool import open_spool

MEMBER = "export.zip"
MIN_PASSPHRASE = 16  # characters
DAMAGE = (
    pyzipper.BadZipFile,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    struct.error,
    RuntimeError,
    ValueError,
)

# No letters that are taken for another when read aloud or copied by hand.
_ALPHABET = "abcdefghjkmnpqrstvwxyz23456789"
_GROUPS, _GROUP = 5, 5
_CHUNK = 1 << 20  # bytes
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the ZIP's own zero: the time of writing stands in bag-info.txt
_ZIP64_FROM = 1 << 31  # bytes


class AlteredBundle(ExportError):
    """The encrypted bundle was altered or cut short after it was written."""


class NoRoom(ExportError):
    """There is not enough room on the disk to unpack this bundle."""


def new_passphrase() -> str:
    """Five groups of five letters and digits, 122 bits: fit for paper and the telephone."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def check_passphrase(passphrase: str) -> None:
    """Raise WeakPassphrase for one that a cheap machine would find."""
    if len(passphrase) < MIN_PASSPHRASE:
        raise WeakPassphrase


def encrypt(source: BinaryIO, out: BinaryIO, passphrase: str) -> None:
    """Write the encrypted ZIP with the whole of `source` (read from its start) to `out`."""
    check_passphrase(passphrase)
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(passphrase.encode())
        member = archive.zipinfo_cls(MEMBER, date_time=_EPOCH)
        member.compress_type = pyzipper.ZIP_DEFLATED
        member.external_attr = 0o600 << 16
        with archive.open(member, "w", force_zip64=size >= _ZIP64_FROM) as target:
            shutil.copyfileobj(source, target, _CHUNK)


def is_encrypted(archive: zipfile.ZipFile) -> bool:
    """Tell whether any member asks for a passphrase."""
    return any(member.flag_bits & 1 for member in archive.infolist())


def decrypt(source: BinaryIO, passphrase: str | None, folder: Path) -> BinaryIO:
    """The inner ZIP in a working file on the disk of `folder`.

    Raises PassphraseNeeded, WrongPassphrase, or AlteredBundle when the authentication code over
    the ciphertext does not hold.
    """
    if passphrase is None:
        raise PassphraseNeeded
    with ExitStack() as undoing:
        inner = undoing.enter_context(open_spool(folder))
        _unpack(source, inner, passphrase, folder)
        inner.seek(0)
        undoing.pop_all()
    return inner


def _unpack(source: BinaryIO, inner: BinaryIO, passphrase: str, folder: Path) -> None:
    try:
        with pyzipper.AESZipFile(source) as archive:
            archive.setpassword(passphrase.encode())
            (member,) = archive.infolist()
            if member.file_size > shutil.disk_usage(folder).free:
                raise NoRoom
            with archive.open(member) as data:
                shutil.copyfileobj(data, inner, _CHUNK)
    except DAMAGE as error:
        raise (WrongPassphrase if "password" in str(error) else AlteredBundle) from None
    except OSError as error:
        if error.errno == errno.EINVAL:  # an altered offset led before the file's beginning
            raise AlteredBundle from None
        raise
