"""WhatsApp exports: what the four samples hold, how dates are read, and what a bad file does."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.imports.whatsapp import container, headers
from messaging.imports.whatsapp.errors import (
    AmbiguousDates,
    DateOrderDoesNotFit,
    EmptyFile,
    ImpossibleDates,
    MessageTooLong,
    NotAnExport,
    TooLarge,
    UnreadableArchive,
    UnreadableText,
    UnsafeArchive,
    WhatsAppError,
)
from messaging.imports.whatsapp.parse import Export, Line, parse
from tests.messaging.whatsapp_scene import (
    IOS,
    NBSP,
    NNBSP,
    RLM,
    SAMPLES,
    TODAY,
    android,
    assert_one_sentence,
    only,
    read,
)


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def shown(line: Line, keys: Mapping[str, object]) -> dict[str, object]:
    values = {
        "ts": line.at.isoformat(),
        "author": line.author,
        "kind": line.kind,
        "body": line.body,
        "attachment": line.attachment,
        "edited": line.edited,
        "raw_body": line.raw_body,
        "raw_author": line.raw_author,
        "subkind": line.subkind,
    }
    return {key: value for key, value in values.items() if key in keys or value is not None}


def is_accepted(got: Mapping[str, object], expected: Mapping[str, Any]) -> bool:
    accept = expected.get("accept", {})
    fields = set(got) | (set(expected) - {"i", "accept", "note"})
    return all(
        got.get(key) == expected.get(key) or got.get(key) in accept.get(key, ()) for key in fields
    )


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.txt")), ids=lambda path: path.stem)
def test_a_sample_holds_exactly_what_is_expected(sample: Path) -> None:
    expected = json.loads(sample.with_suffix(".expected.json").read_text("utf-8"))
    data = sample.read_bytes()
    export = parse(data, file_name=sample.name, today=TODAY)
    assert (export.platform, export.date_order) == (expected["platform"], expected["date_order"])
    assert export.sha256 == hashlib.sha256(data).hexdigest()
    assert len(export.messages) == expected["message_count"]
    for line, wanted in zip(export.messages, expected["messages"], strict=True):
        assert is_accepted(shown(line, wanted), wanted), (shown(line, wanted), wanted)


def test_the_four_samples_are_here() -> None:
    assert len(list(SAMPLES.glob("*.txt"))) == 4


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ("[22/09/2025, 07:45:01] Jo: ", "2025-09-22T07:45:01"),
        ("[14/01/25, 19:00:00] Jo: ", "2025-01-14T19:00:00"),
        ("[12/27/20, 18:51:14] Jo: ", "2020-12-27T18:51:14"),
        (f"[8/19/25, 7:05:44{NNBSP}AM] Jo: ", "2025-08-19T07:05:44"),
        ("[13/11/2025, 12:25:55 PM] Jo: ", "2025-11-13T12:25:55"),
        ("[07.03.26, 21:22:39] Jo: ", "2026-03-07T21:22:39"),
        ("[1.1.2019, 12.00.00] Jo: ", "2019-01-01T12:00:00"),
        ("[12.3.2022 klo 14.08.18] Jo: ", "2022-03-12T14:08:18"),
        ("[28/03/2025 21:29:13] Jo: ", "2025-03-28T21:29:13"),
        ("[22-01-20 10:00:00] Jo: ", "2020-01-22T10:00:00"),
        ("[01/30/19 20:49] Jo: ", "2019-01-30T20:49:00"),
        ("[2018/06/13, 21:25:15] Jo: ", "2018-06-13T21:25:15"),
        ("[2024/10/31 15:50:46] Jo: ", "2024-10-31T15:50:46"),
        ("[3/18/2565 BE, 14:56:01] Jo: ", "2022-03-18T14:56:01"),
        ("[3/18/R4, 14:56:01] Jo: ", "2022-03-18T14:56:01"),
        (f"{RLM}[٢٨{RLM}/٣{RLM}/٢٠٢٥، ٩:٢٩:١٣{NNBSP}م] Jo: ", "2025-03-28T21:29:13"),
        ("28/03/2025, 21:29 - Jo: ", "2025-03-28T21:29:00"),
        ("2/28/25, 18:50 - Jo: ", "2025-02-28T18:50:00"),
        (f"4/17/26, 9:05{NNBSP}PM - Jo: ", "2026-04-17T21:05:00"),
        ("15/02/22, 8:06 pm - Jo: ", "2022-02-15T20:06:00"),
        (f"28/3/2025, 9:29 p.{NBSP}m. - Jo: ", "2025-03-28T21:29:00"),
        ("28/3/2025 00:08 a. m. - Jo: ", "2025-03-28T00:08:00"),
        ("28/10/2025 14:10 - Jo: ", "2025-10-28T14:10:00"),
        ("28-03-2025 21:29 - Jo: ", "2025-03-28T21:29:00"),
        ("22/09/2022 à 18:35 - Jo: ", "2022-09-22T18:35:00"),
        ("16.01.21, 23:09 - Jo: ", "2021-01-16T23:09:00"),
        ("2019-01-01 12:00 - Jo: ", "2019-01-01T12:00:00"),
        ("2024/12/01, 10:04 pm - Jo: ", "2024-12-01T22:04:00"),
        ("30/08/25 18.00 - Jo: ", "2025-08-30T18:00:00"),
        ("31/5/2025، 09:17 - Jo: ", "2025-05-31T09:17:00"),
        ("[13. 6. 2018. 21:25:15] Jo: ", "2018-06-13T21:25:15"),
        ("2025. 03. 28. 21:29 - Jo: ", "2025-03-28T21:29:00"),
        ("19/12/2012 17:03:48: Jo: ", "2012-12-19T17:03:48"),
        ("3/24/14, 1:59:59 PM: Jo: ", "2014-03-24T13:59:59"),
        ("1/23/26, 12:03 AM - Jo: ", "2026-01-23T00:03:00"),
    ],
)
def test_every_known_shape_of_a_header_is_read(header: str, moment: str) -> None:
    line = only(f"{header}Hi there")
    assert (line.at, line.author, line.body) == (datetime.fromisoformat(moment), "Jo", "Hi there")


class TestDateOrder:
    def test_one_day_above_twelve_anywhere_decides_for_the_whole_file(self) -> None:
        early = "".join(f"{n}/{n + 1}/26, 9:0{n} AM - Jo: x\n" for n in range(1, 5))
        assert read(early + "5/23/26, 9:00 AM - Jo: y\n").date_order == "mdy"
        assert read(early + "23/5/26, 9:00 AM - Jo: y\n").date_order == "dmy"

    def test_the_name_of_a_picture_tells_the_order(self) -> None:
        text = "03/04/2025, 09:00 - Jo: IMG-20250403-WA0001.jpg (file attached)\n"
        assert read(text).date_order == "dmy"
        assert read(text.replace("0403", "0304")).date_order == "mdy"

    def test_time_runs_forwards(self) -> None:
        text = "12/01/2025, 09:00 - Jo: a\n01/02/2025, 09:00 - Jo: b\n05/02/2025, 09:00 - Jo: c\n"
        assert read(text).date_order == "dmy"

    def test_a_reading_that_lies_in_the_future_is_out(self) -> None:
        assert read("01/12/2026, 09:00 - Jo: Hi\n").date_order == "mdy"

    def test_dots_and_foreign_words_mean_day_first(self) -> None:
        assert read("01.02.2025, 09:00 - Jo: Hi\n").date_order == "dmy"
        assert read("01/02/2025, 09:00 - Jo: <Multimedia omitido>\n").date_order == "dmy"

    def test_what_stays_open_is_asked_with_both_readings(self) -> None:
        text = "03/04/2025, 09:00 - Jo: a\n05/06/2025, 09:00 - Jo: b\n"
        with pytest.raises(AmbiguousDates) as caught:
            read(text)
        assert caught.value.dmy == (date(2025, 4, 3), date(2025, 6, 5))
        assert caught.value.mdy == (date(2025, 3, 4), date(2025, 5, 6))
        assert "3 April 2025 to 5 June 2025" in str(caught.value)
        assert "--date-order" in str(caught.value)
        assert read(text, date_order="mdy").messages[0].at.isoformat() == "2025-03-04T09:00:00"

    def test_dates_that_read_the_same_both_ways_need_no_question(self) -> None:
        line = only("05/05/2025, 09:00 - Jo: a\n")
        assert line.at.isoformat() == "2025-05-05T09:00:00"

    def test_an_order_that_cannot_be_is_refused(self) -> None:
        for order in ("mdy", "ymd"):
            with pytest.raises(DateOrderDoesNotFit):
                read("28/03/2025, 21:29 - Jo: Hi\n", date_order=order)

    def test_dates_that_are_none_in_any_order_are_refused(self) -> None:
        with pytest.raises(ImpossibleDates):
            read("28/13/2025, 21:29 - Jo: Hi\n31/31/2025, 21:29 - Jo: Hi\n")


class TestContainers:
    chat = f"{IOS.replace('02', '22', 1)}Hi\r\n".encode()

    def read(self, data: bytes, name: str = "WhatsApp Chat - Y6.zip") -> Export:
        return parse(data, file_name=name, today=TODAY)

    def test_the_chat_is_found_beside_a_sent_document(self) -> None:
        data = zipped({"notes.txt": b"28/03/2025, 21:29 - X: no\n" * 5, "_chat.txt": self.chat})
        assert self.read(data).messages[0].body == "Hi"
        named = zipped({"notes.txt": b"not a chat", "WhatsApp Chat - Y6.txt": self.chat})
        assert self.read(named).messages[0].body == "Hi"
        folder = zipped(
            {"__MACOSX/._chat.txt": b"\0", "Y6/notes.txt": b"hm", "Y6/a.txt": self.chat}
        )
        assert self.read(folder).messages[0].body == "Hi"

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
    def test_encodings_that_windows_saves(self, encoding: str) -> None:
        assert self.read(self.chat.decode().encode(encoding)).messages[0].author == "Jo"

    def test_hostile_files_get_one_sentence(self) -> None:
        bomb = zipped({"_chat.txt": b"\0" * (container.MAX_TEXT + 2)})
        cases: dict[type[WhatsAppError], list[bytes]] = {
            EmptyFile: [b"", b"\n \r\n", "\ufeff".encode()],
            UnreadableText: [bytes(range(256)), b"\x89PNG\r\n\x1a\n", b"Caf\xe9", b"a\0b" * 9],
            NotAnExport: [b"Dear all,\nno header here.\n", zipped({"photo.jpg": b"x"})],
            UnreadableArchive: [b"PK\x03\x04" + b"junk" * 99, zipped({"_chat.txt": b"x"})[:-9]],
            UnsafeArchive: [
                zipped({name: b"x", "_chat.txt": self.chat})
                for name in ("../evil.txt", "/etc/x", "a/../../x", "C:\\x.txt", "a\\..\\x")
            ],
            TooLarge: [bomb],
            MessageTooLong: [self.chat + b"x" * (headers.MAX_MESSAGE + 1)],
        }
        for error, files in cases.items():
            for data in files:
                with pytest.raises(error) as caught:
                    self.read(data)
                assert_one_sentence(caught.value)


NAMES = st.text("abcdefghij éü", min_size=1, max_size=12).map(str.strip).filter(bool)
BODIES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<>:\u200e\u2028\u2029"),
    min_size=1,
    max_size=60,
).filter(lambda body: body == headers_free(body))


def headers_free(body: str) -> str:
    """The text as the parser stores it: no direction marks, no odd spaces."""
    return re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00a0\u202f]", "", body)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(NAMES, BODIES), min_size=1, max_size=8))
def test_what_was_written_is_what_is_read(written: list[tuple[str, str]]) -> None:
    export = read("".join(f"[28/03/2025, 21:29:00] {n}: {b}\r\n" for n, b in written))
    assert [(line.author, line.body) for line in export.messages] == written


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_whatever_break_the_parser(data: bytes) -> None:
    for prefix in (b"", b"PK\x03\x04", android("Jo: x").encode()):
        try:
            parse(prefix + data, file_name="x.zip", today=TODAY)
        except WhatsAppError as error:
            assert_one_sentence(error)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_zip_breaks_nothing(data: st.DataObject) -> None:
    good = bytearray(zipped({"_chat.txt": TestContainers.chat, "a.txt": b"hello"}))
    good[data.draw(st.integers(0, len(good) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        parse(bytes(good), file_name="x.zip", today=TODAY)
    except WhatsAppError as error:
        assert_one_sentence(error)
