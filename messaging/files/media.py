"""Sound told from film in the three containers that browsers record into. Pure."""

import struct
from typing import BinaryIO, Final

from messaging.files.refusals import FileRefused, Film

#: What the tracks are stands at the beginning of what browsers and phones write.
_LOOK_BYTES: Final = 1024 * 1024
_HEIC_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}
_MP4_BRANDS: Final = {b"M4A ", b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6"}
_MOST_BOXES: Final = 10_000


def is_heic(head: bytes) -> bool:
    """A picture as iPhones take it (ISO/IEC 23008-12)."""
    return head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS


def is_mp4(head: bytes) -> bool:
    """Boxes of ISO/IEC 14496-12, sound or film."""
    return head[4:8] == b"ftyp" and (head[8:12] in _MP4_BRANDS or head[8:11] in {b"qt ", b"M4V"})


def is_matroska(head: bytes) -> bool:
    """Matroska and WebM (RFC 8794)."""
    return head.startswith(b"\x1a\x45\xdf\xa3")


def is_ogg(head: bytes) -> bool:
    """Pages of RFC 3533."""
    return head.startswith(b"OggS")


def extension_of_matroska(opened: BinaryIO) -> str:
    """WebM with Opus or Vorbis and no picture."""
    head = _look(opened)
    if b"webm" not in head[:64]:
        raise FileRefused
    if any(codec in head for codec in (b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG")):
        raise Film
    if not any(codec in head for codec in (b"A_OPUS", b"A_VORBIS")):
        raise FileRefused
    return "webm"


def extension_of_ogg(opened: BinaryIO) -> str:
    """Every stream announces itself on a page of its own at the beginning."""
    head = _look(opened)[:4096]
    if b"\x80theora" in head:
        raise Film
    if not any(mark in head for mark in (b"OpusHead", b"\x01vorbis")):
        raise FileRefused
    return "ogg"


def extension_of_mp4(opened: BinaryIO) -> str:
    """Its tracks are said by the handlers in `moov`: `soun` is sound, `vide` moves."""
    handlers = _handlers(_moov(opened))
    if b"vide" in handlers:
        raise Film
    if b"soun" not in handlers:
        raise FileRefused
    return "m4a"


def _look(opened: BinaryIO) -> bytes:
    opened.seek(0)
    return opened.read(_LOOK_BYTES)


def _moov(opened: BinaryIO) -> bytes:
    """What stands in the box of that name, the first mebibyte of it; nothing without one."""
    at, end = 0, opened.seek(0, 2)
    for _box in range(_MOST_BOXES):
        opened.seek(at)
        header = opened.read(16)
        if len(header) < 8:
            return b""
        size, name = struct.unpack(">I4s", header[:8])
        if size == 1 and len(header) == 16:
            size = struct.unpack(">Q", header[8:])[0]
        if name == b"moov":
            opened.seek(at)
            return opened.read(min(size or _LOOK_BYTES, _LOOK_BYTES))
        at += size
        if size < 8 or at >= end:
            return b""
    return b""


def _handlers(moov: bytes) -> set[bytes]:
    """The kind of each `hdlr` box: eight bytes behind its name."""
    return {part[8:12] for part in moov.split(b"hdlr")[1:]}
