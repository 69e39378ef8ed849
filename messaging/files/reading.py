"""The process in which a document is read: bytes in, its words out, as UTF-8, and before them
WHOLE or PART: whether these are all of its words, as far as that can be seen.

Started by texts.py with the extension that is true to the document. It can open no file and no
connection and start nothing; its exit code is another than 0 when its limits or the document ended
it. Layout is not kept, only what somebody may look for: words, and where a paragraph ends.
"""

import codecs
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import BinaryIO, Final
from xml.etree import ElementTree as ET

import pypdfium2

from messaging.files.confinement import step_back

MOST_CHARS: Final = 100_000
"""Characters of a document that are read, some forty full pages; what is behind is not found."""

WHOLE: Final = b"w"
PART: Final = b"p"

MOST_UNPACKED_BYTES: Final = 64 * 1024 * 1024
MEMORY_BYTES: Final = 1024 * 1024 * 1024
PROCESSOR_SECONDS: Final = 10

#: A word that is broken at the end of a line, as PDFium marks it.
_BROKEN: Final = re.compile("[\x02\ufffe]\\s*")
_BLANK: Final = {"tab", "br", "cr", "s", "line-break"}
_ENTRIES: Final = {
    "docx": r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml",
    "xlsx": r"xl/(sharedStrings|worksheets/sheet\d+|comments\d*)\.xml",
    "pptx": r"ppt/(slides/slide|notesSlides/notesSlide)\d+\.xml",
    "odt": r"content\.xml",
    "ods": r"content\.xml",
    "odp": r"content\.xml",
}


def main() -> None:
    """Read a document, answer."""
    read = reader_of(sys.argv[-1])
    step_back(MEMORY_BYTES, PROCESSOR_SECONDS)
    text, is_whole = _collected(read(sys.stdin.buffer.read()))
    sys.stdout.buffer.write((WHOLE if is_whole else PART) + text.encode(errors="ignore"))


def _collected(paragraphs: Iterator[str | None]) -> tuple[str, bool]:
    """The words, and whether they are all: not where there are none, nor where some were left."""
    found, length, is_whole = [], 0, True
    for paragraph in paragraphs:
        if paragraph is None:
            is_whole = False
        elif words := " ".join(paragraph.split()):
            found.append(words)
            length += len(words) + 1
        if length > MOST_CHARS:
            break
    text = "\n".join(found)
    return text[:MOST_CHARS], is_whole and 0 < len(text) <= MOST_CHARS


def reader_of(extension: str) -> Callable[[bytes], Iterator[str | None]]:
    """What reads such a document, paragraph by paragraph, and None where something stands that it
    cannot read; whatever it imports has been."""
    for encoding in ("utf-16-le", "cp437"):  # of PDFium, and of names in an archive
        codecs.lookup(encoding)
    if extension == "pdf":
        return _pdf
    entries = re.compile(_ENTRIES[extension])
    return lambda data: _office(data, entries)


def _pdf(data: bytes) -> Iterator[str | None]:
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            text = page.get_textpage().get_text_bounded()
            yield from _BROKEN.sub("", text).splitlines()
            if not text.strip() and any(page.get_objects(max_depth=1)):
                yield None  # a page that was scanned


def _office(data: bytes, wanted: re.Pattern[str]) -> Iterator[str | None]:
    left = MOST_UNPACKED_BYTES
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for entry in sorted(archive.namelist(), key=_in_order):
            if wanted.fullmatch(entry):
                with archive.open(entry) as opened:
                    unpacked = opened.read(left + 1)
                left -= len(unpacked)
                if left < 0:
                    yield None
                    return
                yield from _paragraphs(BytesIO(unpacked))


def _in_order(name: str) -> list[tuple[int, str]]:
    """slide2 before slide10."""
    return [(int(part or 0), text) for text, part in re.findall(r"(\D+)(\d*)", name)]


def _paragraphs(opened: BinaryIO) -> Iterator[str]:
    """The paragraphs and cells of one part, in OOXML or OpenDocument: both call a paragraph p."""
    # Here nothing can be fetched, and memory and time end: nothing is left for defusedxml to do.
    for _event, element in ET.iterparse(opened):  # noqa: S314
        match _local(element):
            case "p" | "h" | "si" | "is":
                yield "".join(_words(element))
                element.clear()
            case "c":  # a cell: a number stands in it as it is, other text elsewhere
                if element.get("t", "n") in {"n", "str"}:
                    yield "".join(child.text or "" for child in element if _local(child) == "v")
                element.clear()


def _words(element: ET.Element) -> Iterator[str]:
    """The texts of a paragraph. OOXML has them in t alone, OpenDocument anywhere."""
    anywhere = "opendocument" in element.tag
    for one in element.iter():
        name = _local(one)
        if name in _BLANK:
            yield " "
        if one.text and (anywhere or name == "t"):
            yield one.text
        if anywhere and one.tail and one is not element:
            yield one.tail


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


if __name__ == "__main__":
    try:
        main()
    except (pypdfium2.PdfiumError, zipfile.BadZipFile, zlib.error, ET.ParseError):
        sys.exit(1)
