"""From the bytes of a file to the text of a chat: .txt or .zip, and the encodings they come in."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath

from messaging.imports.whatsapp import headers
from messaging.imports.whatsapp.errors import (
    EmptyFile,
    NotAnExport,
    TooLarge,
    UnreadableArchive,
    UnreadableText,
    UnsafeArchive,
)

# WhatsApp cuts an export at about 40,000 messages, some megabytes of text; the rest is margin.
MAX_TEXT = 64 * 1024 * 1024  # bytes of one chat, unpacked
MAX_MEMBERS = 20_000  # files in a .zip, media included
MAX_CHATS = 50  # .txt documents looked at in one .zip

_CHAT = "_chat.txt"
_ZIP_START = b"PK\x03\x04", b"PK\x05\x06"
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # a password is asked for; NotImplementedError is one of these too
    ValueError,
)
_DRIVE = re.compile(r"^[A-Za-z]:")


def chat_text(data: bytes, file_name: str) -> str:
    """Return the text of the chat in an exported file.

    `file_name` is the name the file was chosen by: of several .txt in a .zip, the chat is the one
    called `_chat.txt` or like the .zip itself. Raises a subclass of WhatsAppError.
    """
    if not data:
        raise EmptyFile
    if data.startswith(_ZIP_START):
        return _from_zip(data, PurePosixPath(file_name).stem)
    if len(data) > MAX_TEXT:
        raise TooLarge
    return decode(data)


def decode(data: bytes) -> str:
    """Decode UTF-8 (with or without BOM) or UTF-16, as files look after Windows has saved them."""
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError:
        raise UnreadableText from None
    if "\x00" in text:
        raise UnreadableText
    if not text.strip("\ufeff \r\n\t"):
        raise EmptyFile
    return text


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # A date is ASCII: without a BOM, UTF-16 shows as a zero in every second of the first bytes.
    if data[1:8:2] == b"\0\0\0\0":
        return "utf-16-le"
    if data[0:8:2] == b"\0\0\0\0":
        return "utf-16-be"
    return "utf-8-sig"


def _from_zip(data: bytes, stem: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _safe_members(archive)
            chats = _chats(members, stem)
            texts = _read(archive, chats)
    except _DAMAGE:
        raise UnreadableArchive from None
    return max(_readable(texts), key=headers.count_headers)


def _safe_members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise TooLarge
    if any(_leads_outside(member.orig_filename) for member in members):
        raise UnsafeArchive
    return [member for member in members if not member.is_dir()]


def _leads_outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or bool(_DRIVE.match(name))


def _chats(members: Iterable[zipfile.ZipInfo], stem: str) -> list[zipfile.ZipInfo]:
    """The members that may be the chat; a .txt that somebody sent lies beside it."""
    texts = [m for m in members if m.filename.lower().endswith(".txt") and not _is_junk(m)]
    named = [m for m in texts if _base(m) == _CHAT] or [m for m in texts if _base(m)[:-4] == stem]
    chats = named or texts
    if not chats:
        raise NotAnExport
    return chats[:MAX_CHATS]


def _base(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).name


def _is_junk(member: zipfile.ZipInfo) -> bool:
    """What a Mac adds when a folder is zipped again."""
    return member.filename.startswith("__MACOSX/") or _base(member).startswith("._")


def _read(archive: zipfile.ZipFile, members: Iterable[zipfile.ZipInfo]) -> list[bytes]:
    """Read at most MAX_TEXT bytes in all: what a .zip says of its sizes is not to be believed."""
    left, texts = MAX_TEXT, []
    for member in members:
        with archive.open(member) as file:
            texts.append(file.read(left + 1))
        left -= len(texts[-1])
        if left < 0:
            raise TooLarge
    return texts


def _readable(texts: Iterable[bytes]) -> list[str]:
    """Decode what can be; one broken document beside the chat does no harm."""
    found: list[str] = []
    problem: UnreadableText | EmptyFile = EmptyFile()
    for data in texts:
        try:
            found.append(decode(data))
        except (UnreadableText, EmptyFile) as error:
            problem = error
    if not found:
        raise problem
    return found
