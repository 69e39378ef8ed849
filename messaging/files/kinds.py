"""What a file is, decided from its bytes. Pure.

The name is asked only where bytes do not tell: a table from other text. Everything that is not
on the list is refused, so a kind that nobody thought of is not let in.

Pictures are made anew before anybody sees them (pictures.py), so that whatever hangs on one, a ZIP
behind a JPEG, a page in its comment, does not come through. Other kinds are kept byte for byte,
and one that also is an archive is refused: no honest program writes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Final

from messaging.files import media, office, prose
from messaging.files.refusals import (
    EmptyFile,
    FileRefused,
    NotOnTheList,
    OldOffice,
    Program,
    TwoInOne,
)

_HEAD_BYTES: Final = 4096
#: The end of a ZIP's directory and the longest comment behind it (APPNOTE.TXT 4.3.16).
_TAIL_BYTES: Final = 22 + 65_535
_PROGRAMS: Final = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",  # Java, and programs for two kinds of Mac
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa",
    b"#!",
    b"L\x00\x00\x00\x01\x14\x02\x00",  # a shortcut of Windows
    b"\x00asm",
    b"dex\n",
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Family(StrEnum):
    """What is done with a file."""

    PICTURE = "picture"  # made anew, shown
    AUDIO = "audio"  # played
    DOCUMENT = "document"  # downloaded
    TEXT = "text"  # downloaded


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of file: its media type, the extension that is true to it, its family."""

    type: str
    extension: str
    family: Family


_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_ODF: Final = "application/vnd.oasis.opendocument"
_LIST: Final = (
    ("jpg", "image/jpeg", Family.PICTURE),
    ("png", "image/png", Family.PICTURE),
    ("gif", "image/gif", Family.PICTURE),
    ("webp", "image/webp", Family.PICTURE),
    ("heic", "image/heic", Family.PICTURE),
    ("pdf", "application/pdf", Family.DOCUMENT),
    ("docx", f"{_OOXML}.wordprocessingml.document", Family.DOCUMENT),
    ("xlsx", f"{_OOXML}.spreadsheetml.sheet", Family.DOCUMENT),
    ("pptx", f"{_OOXML}.presentationml.presentation", Family.DOCUMENT),
    ("odt", f"{_ODF}.text", Family.DOCUMENT),
    ("ods", f"{_ODF}.spreadsheet", Family.DOCUMENT),
    ("odp", f"{_ODF}.presentation", Family.DOCUMENT),
    ("txt", "text/plain", Family.TEXT),
    ("csv", "text/csv", Family.TEXT),
    ("webm", "audio/webm", Family.AUDIO),
    ("ogg", "audio/ogg", Family.AUDIO),
    ("m4a", "audio/mp4", Family.AUDIO),
)
#: All kinds that there are, by extension.
KINDS: Final = {
    extension: Kind(type=type_, extension=extension, family=family)
    for extension, type_, family in _LIST
}
#: The same, by media type.
OF_TYPE: Final = {kind.type: kind for kind in KINDS.values()}


def kind_of(opened: BinaryIO, name: str, allowed: frozenset[str] = frozenset(KINDS)) -> Kind:
    """The kind of the file behind `opened`, which can be sought in and is read from its beginning.

    `allowed` holds extensions. Raises FileRefused, or one of its kinds, with the sentence.
    """
    extension = _extension_of(opened, name)
    if extension not in allowed:
        raise NotOnTheList
    return KINDS[extension]


def _extension_of(opened: BinaryIO, name: str) -> str:
    opened.seek(0)
    head = opened.read(_HEAD_BYTES)
    if not head:
        raise EmptyFile
    _refuse_at_sight(head)
    for looks_like, extension_of in _BY_HEAD:
        if looks_like(head):
            return extension_of(opened)
    return prose.extension_of(opened, name)


def _refuse_at_sight(head: bytes) -> None:
    if head.startswith(_PROGRAMS):
        raise Program
    if head.startswith(_OLE):
        raise OldOffice


def _always(extension: str) -> Callable[[BinaryIO], str]:
    return lambda _opened: extension


def _alone(extension_of: Callable[[BinaryIO], str]) -> Callable[[BinaryIO], str]:
    """As `extension_of` says, unless a ZIP hangs behind it."""

    def of_one(opened: BinaryIO) -> str:
        end = opened.seek(0, 2)
        opened.seek(max(0, end - _TAIL_BYTES))
        if b"PK\x05\x06" in opened.read():
            raise TwoInOne
        return extension_of(opened)

    return of_one


def _unknown(_opened: BinaryIO) -> str:
    raise FileRefused


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


_BY_HEAD: Final[tuple[tuple[Callable[[bytes], bool], Callable[[BinaryIO], str]], ...]] = (
    (lambda head: head.startswith(b"\xff\xd8\xff"), _always("jpg")),
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), _always("png")),
    (lambda head: head.startswith((b"GIF87a", b"GIF89a")), _always("gif")),
    (_is_webp, _always("webp")),
    (media.is_heic, _always("heic")),
    (lambda head: head.startswith((b"%PDF-1.", b"%PDF-2.")), _alone(_always("pdf"))),
    (lambda head: head.startswith(b"PK\x03\x04"), office.extension_of),
    (lambda head: head.startswith(b"PK"), _unknown),
    (media.is_matroska, _alone(media.extension_of_matroska)),
    (media.is_ogg, _alone(media.extension_of_ogg)),
    (media.is_mp4, _alone(media.extension_of_mp4)),
)
