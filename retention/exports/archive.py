"""Nothing hides in a ZIP: every byte of it belongs to a member that its directory lists. Pure.

A ZIP is read from its end, so bytes can be added before, between and after its members, and a
member's own header can say other things than the directory does, without any program noticing.
What a signature says of the files would still hold; but who finds such bytes should know.
Format: PKWARE's APPNOTE 6.3.x, sections 4.3.7 to 4.3.16.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from retention.exports.errors import NotABundle

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_MAX_DIRECTORY = 64 * 1024 * 1024  # bytes
_DESCRIPTORS = {12, 16, 20, 24}  # bytes of a data descriptor, with or without mark and ZIP64
_STREAMED = 0x8
_ZIP64, _AES = 0x0001, 0x9901  # extra fields that say how to read the data
_EXTRAS = {_ZIP64, _AES, 0x000A, 0x5455, 0x7875}  # and those with times and owners
# As writers store them: not stated, or an ordinary file or folder; no links, no devices.
_FILE_MODES = {0, *(0o600, 0o640, 0o644, 0o660, 0o664, 0o666, 0o755, 0o775, 0o777)}
_FILE_MODES |= {0o100000 | mode for mode in _FILE_MODES}
_FOLDER_MODES = {0, *(0o40000 | mode for mode in (0o700, 0o750, 0o755, 0o770, 0o775, 0o777))}
_MADE_BY = {20, 30, 31, 45, 51, 61, 62, 63}  # versions of the format that writers name
_SYSTEMS = {0, 3, 10, 11}  # DOS, Unix, Windows
_INFO_ZIP = 30  # its version, and the only writer that marks files as text


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """What the directory says of a member."""

    common: tuple[int, ...]  # version, flags, method, time, date: the header repeats them
    crc: int
    packed: int
    size: int
    name: bytes
    offset: int
    aes: bytes | None  # how it is encrypted: version, strength, the method beneath


def odd_bytes(file: BinaryIO) -> tuple[str, ...]:
    """What is irregular about a ZIP, as sentences; raises NotABundle when it is none."""
    try:
        return tuple(dict.fromkeys(_find(file)))
    except (struct.error, ValueError, IndexError, OverflowError):
        raise NotABundle from None


def _find(file: BinaryIO) -> Iterator[str]:
    start, end = _directory(file)
    if end is None:
        yield "Bytes were added after the end of the ZIP, or its end was altered."
        return
    if not 0 <= start <= end or end - start > _MAX_DIRECTORY:
        raise ValueError
    file.seek(start)
    directory = file.read(end - start)
    place, entries = 0, []
    while place < len(directory):
        entry, place, plain = _read_entry(directory, place)
        entries.append(entry)
        if not plain:
            yield "The ZIP's directory was altered."
    if place != len(directory):
        raise ValueError
    yield from _walk(file, sorted(entries, key=lambda entry: entry.offset), start)


def _directory(file: BinaryIO) -> tuple[int, int | None]:
    """Where the directory begins and ends; None for its end when the ZIP does not end there."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _END.size, 0))
    mark, disk, start_disk, here, total, length, start, comment = _END.unpack(file.read(_END.size))
    end = size - _END.size
    if mark != b"PK\5\6" or disk or start_disk or comment or here != total:
        return 0, None
    if _FULL32 in (length, start) or total == _FULL16:
        end, length, start = _directory64(file, end)
    return (start, end) if start + length == end else (0, None)


def _directory64(file: BinaryIO, end: int) -> tuple[int, int, int]:
    file.seek(end - _LOCATOR.size)
    _, _, at, _ = _LOCATOR.unpack(file.read(_LOCATOR.size))
    if at + _END64.size + _LOCATOR.size != end:
        raise ValueError
    file.seek(at)
    *_, length, start = _END64.unpack(file.read(_END64.size))
    return at, length, start


def _read_entry(directory: bytes, place: int) -> tuple[_Entry, int, bool]:
    """One entry, where the next begins, and whether its attributes are those of a plain file."""
    fields = _CENTRAL.unpack_from(directory, place)
    mark, made, *common = fields[:7]
    crc, packed, size, names, extras, comments, disk, inside, outside, offset = fields[7:]
    at = place + _CENTRAL.size
    name, extra = directory[at : at + names], directory[at + names : at + names + extras]
    packed, size, offset = _wide(extra, packed, size, offset)
    entry = _Entry(
        common=tuple(common),
        crc=crc,
        packed=packed,
        size=size,
        name=name,
        offset=offset,
        aes=_extras(extra).get(_AES),
    )
    plain = (
        mark == b"PK\1\2"
        and not comments
        and not disk
        and inside in (0, int(made & 0xFF == _INFO_ZIP))
        and made >> 8 in _SYSTEMS
        and made & 0xFF in _MADE_BY
        and _is_plain(entry, outside)
    )
    return entry, at + names + extras, plain


def _is_plain(entry: _Entry, attributes: int) -> bool:
    """An ordinary file, or a folder that holds no bytes of its own."""
    mode, dos = attributes >> 16, attributes & 0xFFFF
    if entry.name.endswith(b"/"):
        return entry.size == 0 and mode in _FOLDER_MODES and dos in (0, 0x10)
    return mode in _FILE_MODES and dos in (0, 0x20)


def _wide(extra: bytes, packed: int, size: int, offset: int) -> tuple[int, int, int]:
    """Sizes and offset, taken from the ZIP64 field where 32 bits do not hold them."""
    wide = iter(_numbers(_extras(extra).get(_ZIP64, b"")))
    size = next(wide, -1) if size == _FULL32 else size
    packed = next(wide, -1) if packed == _FULL32 else packed
    offset = next(wide, -1) if offset == _FULL32 else offset
    if min(packed, size, offset) < 0:
        raise ValueError
    return packed, size, offset


def _extras(extra: bytes) -> dict[int, bytes]:
    """The extra fields by their number; only those that common programs write."""
    place, fields = 0, {}
    while place < len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        fields[kind] = extra[place + 4 : place + 4 + length]
        place += 4 + length
    if place != len(extra) or not set(fields) <= _EXTRAS:
        raise ValueError
    return fields


def _numbers(field: bytes) -> list[int]:
    return [number for (number,) in struct.iter_unpack("<Q", field[: len(field) // 8 * 8])]


def _walk(file: BinaryIO, entries: list[_Entry], directory: int) -> Iterator[str]:
    """Go from member to member: each begins where the one before it ended."""
    end = 0
    for entry, following in zip(
        entries, [*[e.offset for e in entries[1:]], directory], strict=True
    ):
        if entry.offset != end:
            yield "The ZIP holds bytes that belong to none of its files."
        end, alike = _check_header(file, entry)
        if not alike:
            yield "A header inside the ZIP does not agree with its directory."
        if entry.common[1] & _STREAMED and following - end in _DESCRIPTORS:
            end = following
    if end != directory:
        yield "The ZIP holds bytes that belong to none of its files."


def _check_header(file: BinaryIO, entry: _Entry) -> tuple[int, bool]:
    """Where a member's data end, and whether its own header says what the directory does."""
    file.seek(entry.offset)
    mark, *common, crc, packed, size, names, extras = _LOCAL.unpack(file.read(_LOCAL.size))
    name, extra = file.read(names), _extras(file.read(extras))
    if packed == size == _FULL32:
        size, packed = (_numbers(extra.get(_ZIP64, b"")) or [size, packed])[:2]
    stated = (crc, packed, size)
    later = bool(entry.common[1] & _STREAMED) and stated in {(0, 0, 0), (0, _FULL32, _FULL32)}
    alike = (
        mark == b"PK\3\4"
        and tuple(common) == entry.common
        and name == entry.name
        and extra.get(_AES) == entry.aes
        and (later or stated == (entry.crc, entry.packed, entry.size))
    )
    return entry.offset + _LOCAL.size + names + extras + entry.packed, alike
