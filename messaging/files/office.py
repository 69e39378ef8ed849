"""Office documents told from plain archives, by what stands in them. Pure."""

import re
import struct
import zipfile
import zlib
from typing import BinaryIO, Final

from messaging.files.refusals import Archive, Macros

_MOST_ENTRIES: Final = 10_000
_MOST_BYTES: Final = 1024 * 1024
_MOST_DIRECTORY_BYTES: Final = 2 * 1024 * 1024
#: What office programs write. Of the others zipfile unpacks a whole chunk, however large it gets.
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: The end of the directory, also of ZIP64, and what says where that is (APPNOTE.TXT 4.3.14-16).
_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_BYTES: Final = 20
_MOST_COMMENT: Final = 65_536
#: What zipfile raises for archives that are damaged, locked or newer than it knows.
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
    OSError,
)
_MAIN: Final = {
    "wordprocessingml.document": "docx",
    "spreadsheetml.sheet": "xlsx",
    "presentationml.presentation": "pptx",
}
_ODF: Final = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_TYPES: Final = "[Content_Types].xml"
_MACROS: Final = re.compile(
    r"(^|/)vba(project|data)[^/]*\.(bin|xml)$|(^|/)(macrosheets|dialogsheets|activex)/"
    r"|^(basic|scripts)/",
    re.IGNORECASE,
)


def extension_of(opened: BinaryIO) -> str:
    """docx, xlsx, pptx, odt, ods or odp; Archive when it is another ZIP, Macros with macros."""
    try:
        _refuse_large_directory(opened)
        with zipfile.ZipFile(opened) as archive:
            return _extension_of(archive)
    except _DAMAGED as error:
        raise Archive from error


def _refuse_large_directory(opened: BinaryIO) -> None:
    """Before it is parsed: each entry takes up many times its bytes. Found as zipfile finds it."""
    length = opened.seek(0, 2)
    opened.seek(max(0, length - _END64.size - _LOCATOR_BYTES - _END.size - _MOST_COMMENT))
    tail = opened.read()
    at = len(tail) - _END.size
    if not (tail[-_END.size :].startswith(b"PK\x05\x06") and tail.endswith(b"\0\0")):
        at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise Archive
    *_, count, size, _offset, _comment = _END.unpack_from(tail, at)
    before = tail[max(0, at - _END64.size - _LOCATOR_BYTES) : at]
    wide = len(before) == _END64.size + _LOCATOR_BYTES and before.startswith(b"PK\x06\x06")
    if wide and before.startswith(b"PK\x06\x07", _END64.size):
        *_, count, size, _offset = _END64.unpack_from(before)
    if count > _MOST_ENTRIES or size > _MOST_DIRECTORY_BYTES:
        raise Archive


def _extension_of(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if len(names) > _MOST_ENTRIES:
        raise Archive
    extension = _openxml(archive) if _TYPES in names else _opendocument(archive, names)
    if any(_MACROS.search(name) for name in names):
        raise Macros
    return extension


def _openxml(archive: zipfile.ZipFile) -> str:
    types = _read(archive, _TYPES)
    if "macroenabled" in types.lower():
        raise Macros
    for main, extension in _MAIN.items():
        if f"application/vnd.openxmlformats-officedocument.{main}.main+xml" in types:
            return extension
    raise Archive


def _opendocument(archive: zipfile.ZipFile, names: list[str]) -> str:
    if "mimetype" not in names:
        raise Archive
    extension = _ODF.get(_read(archive, "mimetype").strip())
    if extension is None:
        raise Archive
    return extension


def _read(archive: zipfile.ZipFile, name: str) -> str:
    """At most a mebibyte, however much it would unpack to."""
    kept = archive.getinfo(name)
    if kept.compress_type not in _METHODS:
        raise Archive
    with archive.open(kept) as entry:
        return entry.read(_MOST_BYTES).decode(errors="replace")
