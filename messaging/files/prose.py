"""Text told from everything that only looks like it. Pure."""

import codecs
import re
from pathlib import PurePath
from typing import BinaryIO, Final

from messaging.files.refusals import FileRefused, Program, WebPage

_CHUNK: Final = 64 * 1024
#: Bytes that no text has, in UTF-8 or in Windows' own writing (which Excel still gives a CSV).
_CONTROLS: Final = bytes({*range(32), 127} - {*b"\t\n\f\r"})
_UTF16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
#: What a browser would take for a page, or an XML reader for a drawing.
_MARKUP: Final = re.compile(r"\s*<[a-z!?/]", re.IGNORECASE)
_ACTIVE: Final = re.compile(r"<(script|svg|html|iframe|!doctype)\b|<\?(php|=)", re.IGNORECASE)
_LOOK_CHARS: Final = 2_000
_PROGRAMS: Final = """
app bash bat chm cmd command cpl csh dll dmg exe gadget hta inf ins iso jar js jse ksh lnk mjs msc
msi msp pif pl ps1 psd1 psm1 py pyc pyw rb reg scf scr sct sh url vb vbe vbs wsc wsf wsh zsh
"""
_PAGES: Final = "htm html mht mhtml php shtml svg svgz xht xhtml xml xsl xslt"
#: Extensions under which some program would run a text.
PROGRAMS: Final = frozenset(_PROGRAMS.split())
PAGES: Final = frozenset(_PAGES.split())


def extension_of(opened: BinaryIO, name: str) -> str:
    """csv if the name says so, else txt; raises FileRefused for what is not plain text."""
    start = _start(opened)
    if start is None:
        raise FileRefused
    given = PurePath(name.lower()).suffix.lstrip(".")
    if given in PROGRAMS or start.startswith("#!"):
        raise Program
    if given in PAGES or _MARKUP.match(start) or _ACTIVE.search(start):
        raise WebPage
    return "csv" if given == "csv" else "txt"


def _start(opened: BinaryIO) -> str | None:
    """The first characters, if all of the file is text."""
    opened.seek(0)
    mark = opened.read(2)
    if encoding := _UTF16.get(mark):
        return _start_of_wide(opened, encoding)
    opened.seek(0)
    start = b""
    while chunk := opened.read(_CHUNK):
        if len(chunk.translate(None, _CONTROLS)) != len(chunk):
            return None
        start = start or chunk
    return start.decode("utf-8-sig", errors="replace")[:_LOOK_CHARS]


def _start_of_wide(opened: BinaryIO, encoding: str) -> str | None:
    decoder, start = codecs.getincrementaldecoder(encoding)(), ""
    try:
        while chunk := opened.read(_CHUNK):
            said = decoder.decode(chunk)
            if not set(map(chr, _CONTROLS)).isdisjoint(said):
                return None
            start = start or said
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return start[:_LOOK_CHARS]
