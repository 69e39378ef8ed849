"""Office documents told from plain archives, by what stands in them. Pure."""

import re
import zipfile
from typing import BinaryIO, Final

from messaging.files.refusals import Archive, Macros

_MOST_ENTRIES: Final = 10_000
_MOST_BYTES: Final = 1024 * 1024
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
    opened.seek(0)
    try:
        with zipfile.ZipFile(opened) as archive:
            return _extension_of(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise Archive from error


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
    with archive.open(name) as entry:
        return entry.read(_MOST_BYTES).decode(errors="replace")
