"""What a file is stands in its bytes, and what is not on the list does not come in."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.files.kinds import KINDS, kind_of
from messaging.files.refusals import (
    Archive,
    EmptyFile,
    FileRefused,
    Film,
    Macros,
    NotOnTheList,
    OldOffice,
    Program,
    TwoInOne,
    WebPage,
)
from tests.messaging.files import samples

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
_HTML = b"<!doctype html><script>alert(1)</script>"

TAKEN = {
    "jpg": samples.picture(),
    "png": samples.picture("PNG"),
    "gif": samples.picture("GIF"),
    "webp": samples.picture("WEBP"),
    "heic": b"\x00\x00\x00\x18ftypheic" + bytes(40),
    "pdf": samples.pdf(),
    "docx": samples.openxml(),
    "xlsx": samples.openxml(_SHEET),
    "pptx": samples.openxml(_SLIDES),
    "odt": samples.opendocument(),
    "ods": samples.opendocument("spreadsheet"),
    "odp": samples.opendocument("presentation"),
    "txt": "Trip to the zoo: £5 each".encode(),
    "webm": samples.webm(),
    "ogg": samples.ogg(),
    "m4a": samples.mp4(),
}


def told(data: bytes, name: str = "a name that says nothing") -> str:
    return kind_of(io.BytesIO(data), name).extension


@pytest.mark.parametrize("extension", TAKEN)
def test_each_kind_is_known_by_its_bytes_whatever_its_name(extension: str) -> None:
    assert told(TAKEN[extension]) == extension
    assert told(TAKEN[extension], "IMG_1.jpg") == extension


def test_every_kind_of_the_list_is_tried_here() -> None:
    assert set(TAKEN) | {"csv"} == set(KINDS)


@pytest.mark.parametrize(
    "data",
    [
        b"Name,Form\r\nBob,7B\r\n",
        "Name,Fee\r\nBob,£5\r\n".encode("cp1252"),
        "Name,Fee\r\nBob,£5\r\n".encode("utf-16"),
        "\ufeffName,Fee\r\nBob,£5\r\n".encode(),
    ],
)
def test_a_table_is_text_whose_name_says_so(data: bytes) -> None:
    assert told(data, "fees.CSV") == "csv"
    assert told(data, "fees.md") == "txt"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", EmptyFile),
        (b"MZ\x90\x00" + bytes(60), Program),
        (b"\x7fELF\x02\x01", Program),
        (b"#!/bin/sh\nrm -rf /\n", Program),
        (b"\xca\xfe\xba\xbe\x00\x00\x00\x34", Program),
        (_SVG, WebPage),
        (b'<?xml version="1.0"?>\n<!-- a drawing -->\n' + _SVG, WebPage),
        (b"\xef\xbb\xbf\n\n  " + _HTML, WebPage),
        (_HTML.decode().encode("utf-16"), WebPage),
        (b"Hello <script>alert(1)</script>", WebPage),
        (samples.archive({"a.exe": b"MZ"}), Archive),
        (samples.archive({"mimetype": "application/epub+zip"}), Archive),
        (b"PK\x03\x04 and nothing behind it", Archive),
        (b"PK\x05\x06" + bytes(18), FileRefused),
        (samples.macro_document(), Macros),
        (samples.hidden_macro_document(), Macros),
        (samples.opendocument("text", **{"Basic/Standard/Module1.xml": "Sub"}), Macros),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), OldOffice),
        (samples.webm(b"V_VP8 A_OPUS"), Film),
        (samples.ogg(b"\x80theora"), Film),
        (samples.mp4(b"vide", b"isom"), Film),
        (samples.mp4(b"vide", b"qt  "), Film),
        (samples.webm(b"S_TEXT"), FileRefused),
        (samples.ogg(b"Speex   "), FileRefused),
        (samples.mp4(b"text"), FileRefused),
        (b"\x00\x00\x00\x1cftypavif" + bytes(30), FileRefused),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", FileRefused),
        (bytes(range(256)), FileRefused),
        (b"plain at first" + bytes(100_000), FileRefused),
    ],
)
def test_what_could_do_harm_or_nobody_knows_is_refused_under_any_name(
    data: bytes, why: type[FileRefused]
) -> None:
    for name in ("holiday.jpg", "letter.docx", "notes.txt", "x"):
        with pytest.raises(why) as refused:
            told(data, name)
        assert str(refused.value).strip().endswith(".")


@pytest.mark.parametrize("name", ["run.ps1", "run.BAT", "run.js", "run.vbs", "run.py", "run.sh"])
def test_text_that_its_name_makes_a_program_is_refused(name: str) -> None:
    with pytest.raises(Program):
        told(b"Write-Host 'hello'", name)


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "data.xml", "page.php"])
def test_text_that_its_name_makes_a_page_is_refused(name: str) -> None:
    with pytest.raises(WebPage):
        told(b"hello", name)


@pytest.mark.parametrize("kind", ["pdf", "webm", "ogg", "m4a"])
def test_a_file_with_an_archive_behind_it_is_refused(kind: str) -> None:
    with pytest.raises(TwoInOne):
        told(TAKEN[kind] + samples.archive({"a.class": b"\xca\xfe\xba\xbe"}))


def test_an_archive_with_something_before_it_is_no_document() -> None:
    with pytest.raises(FileRefused):
        told(b"\x01\x02" + samples.openxml())


def test_a_list_of_types_that_unpacks_to_a_gibibyte_is_read_for_a_mebibyte() -> None:
    bomb = samples.archive({"[Content_Types].xml": bytes(64 * 1024 * 1024)})
    with pytest.raises(Archive):
        told(bomb)


@contextmanager
def little_memory() -> Iterator[None]:
    """It takes less than three mebibytes."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < 3 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_without_a_limit_is_not_unpacked(method: int) -> None:
    into, types = io.BytesIO(), f'<Override ContentType="{_SHEET}"/>'.encode()
    with zipfile.ZipFile(into, "w", method) as out:
        out.writestr("[Content_Types].xml", types + bytes(16 * 1024 * 1024))
    packed = into.getvalue()
    assert len(packed) < 10_000
    with little_memory(), pytest.raises(Archive):
        told(packed)


def directory_of(entries: int, *, wide: bool) -> bytes:
    """A ZIP that is nearly all directory; `wide` says its size and number in a record of ZIP64."""
    entry = b"PK\x01\x02" + bytes(42)
    start = samples.archive({"a": b""}).partition(b"PK\x01\x02")[0]
    size, at = len(entry) * entries, len(start)
    body = start + entry * entries
    if not wide:
        return body + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, size, at, 0)
    end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, size, at)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(body), 1)
    most = (0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    return body + end + locator + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, *most, 0)


@pytest.mark.parametrize("comment", [b"", b"x" * 5_000])
@pytest.mark.parametrize("wide", [False, True])
def test_a_huge_directory_is_refused_before_it_is_read(wide: bool, comment: bytes) -> None:
    small = directory_of(3, wide=wide)
    assert len(zipfile.ZipFile(io.BytesIO(small)).infolist()) == 3
    huge = directory_of(60_000, wide=wide)
    huge = huge[:-2] + struct.pack("<H", len(comment)) + comment
    with little_memory(), pytest.raises(Archive):
        told(huge)


def test_a_directory_that_owns_up_to_too_many_entries_is_refused() -> None:
    data = bytearray(samples.openxml())
    struct.pack_into("<H", data, len(data) - 12, 10_001)
    with pytest.raises(Archive):
        told(bytes(data))


def test_a_box_that_says_it_ends_beyond_everything_ends_the_search() -> None:
    box = struct.pack(">I4sQ", 1, b"free", 2**64 - 1)
    with pytest.raises(FileRefused):
        told(samples.mp4()[:16] + box)


@settings(max_examples=400, deadline=None)
@given(
    data=st.sampled_from([data for data in TAKEN.values() if len(data) < 5_000]),
    changes=st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=4),
    end=st.none() | st.integers(1, 5_000),
)
def test_whatever_is_damaged_is_taken_or_refused_and_nothing_else(
    data: bytes, changes: list[tuple[int, int]], end: int | None
) -> None:
    damaged = bytearray(data)
    for at, byte in changes:
        damaged[at % len(damaged)] = byte
    with suppress(FileRefused):
        told(bytes(damaged[:end]))


def test_every_byte_of_a_document_may_be_another() -> None:
    for data in (samples.openxml(), samples.opendocument()):
        for at, byte in product(range(len(data)), (0, 1, 0x7F, 0xFF)):
            with suppress(FileRefused):
                told(data[:at] + bytes([byte]) + data[at + 1 :])


def test_a_school_takes_fewer_kinds_if_it_says_so() -> None:
    data = io.BytesIO(samples.picture())
    assert kind_of(data, "a.jpg", frozenset({"jpg"})).type == "image/jpeg"
    with pytest.raises(NotOnTheList):
        kind_of(io.BytesIO(samples.pdf()), "a.pdf", frozenset({"jpg"}))
