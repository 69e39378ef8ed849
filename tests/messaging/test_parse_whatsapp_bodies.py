"""WhatsApp exports: bodies, attachments and notices, and names that are numbers."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.imports.whatsapp.authors import conceal_numbers
from messaging.imports.whatsapp.parse import parse
from tests.messaging.whatsapp_scene import (
    FSI,
    IOS,
    LRM,
    NBSP,
    PDI,
    SAMPLES,
    TODAY,
    android,
    kinds,
    only,
    read,
)


class TestBodies:
    def test_blank_lines_and_pasted_headers_of_another_shape_stay_in_the_message(self) -> None:
        pasted = "one\n\n[02/09/2025, 07:45:01] Al: pasted\nlast"
        assert kinds(read(android(f"Jo: {pasted}", "Al: next"))) == [
            ("Jo", "text", pasted),
            ("Al", "text", "next"),
        ]

    def test_an_iphone_header_after_a_bare_line_feed_was_pasted(self) -> None:
        text = (
            f"{IOS}look:\n[14/09/2025, 07:00:00] Al: pasted\r\n[20/09/2025, 08:00:00] Al: own\r\n"
        )
        assert [line.author for line in read(text).messages] == ["Jo", "Al"]
        saved = text.replace("\r\n", "\n")
        assert len(read(saved).messages) == 3

    def test_a_pasted_line_whose_date_does_not_exist_goes_back_to_its_message(self) -> None:
        lines = android(*["Jo: x"] * 150) + "99/99/2025, 10:00 - not a date\n" + android("Al: y")
        messages = read(lines).messages
        assert len(messages) == 151
        assert messages[149].body == "x\n99/99/2025, 10:00 - not a date"

    @pytest.mark.parametrize(
        ("body", "attachment", "caption"),
        [
            (f"New plan {LRM}<attached: 00000012-PHOTO.jpg>", "00000012-PHOTO.jpg", "New plan"),
            (
                f"Trip letter.pdf • {LRM}3 pages {LRM}<attached: 00000014-Trip letter.pdf>",
                "00000014-Trip letter.pdf",
                "",
            ),
            (f"2015-08-04-PHOTO-00004762.jpg <{LRM}attached>", "2015-08-04-PHOTO-00004762.jpg", ""),
            ("< attached: x.jpg >", "x.jpg", ""),
            ("<x.jpg eklendi>", "x.jpg", ""),
            (f"{LRM}<pièce jointe : a b.pdf>", "a b.pdf", ""),
            (f"{LRM}<vedhæftet: a b.pdf>", "a b.pdf", ""),
            (f"{LRM}image omitted", None, ""),
            (f"Look at this {LRM}video omitted", None, "Look at this"),
            (f"Rota.xlsx {LRM}document omitted", None, "Rota.xlsx"),
            (f"{LRM}Contact card omitted", None, ""),
            (f"{LRM}imagen omitida", None, ""),
            (
                f"{LRM}You received a view once message. You can only open it on your phone.",
                None,
                "",
            ),
        ],
    )
    def test_an_iphone_attachment(self, body: str, attachment: str | None, caption: str) -> None:
        line = only(f"{IOS.replace('02', '22', 1)}{body}")
        assert (line.kind, line.attachment, line.body) == ("attachment", attachment, caption)

    @pytest.mark.parametrize(
        ("body", "attachment", "caption"),
        [
            ("<Media omitted>\nSports day", None, "Sports day"),
            ("Trip.pdf (file attached)\nTrip.pdf", "Trip.pdf", ""),
            ("IMG 1.x.jpg (Datei angehängt)", "IMG 1.x.jpg", ""),
            (f"{LRM}IMG.jpg (soubor přiložen)", "IMG.jpg", ""),
        ],
    )
    def test_an_android_attachment(self, body: str, attachment: str | None, caption: str) -> None:
        line = only(android(f"Jo: {body}"))
        assert (line.kind, line.attachment, line.body) == ("attachment", attachment, caption)

    def test_media_left_out_in_an_unknown_language_shows_by_repetition(self) -> None:
        export = read(
            android("Jo: <Médium vynecháno>", "Jo: <see below>", "Al: <Médium vynecháno>")
        )
        assert [line.kind for line in export.messages] == ["attachment", "text", "attachment"]

    def test_typed_words_like_markers_are_text(self) -> None:
        typed = [
            "see rota.xlsx (the new one)",
            "<This message was edited> is what it says",
            "it said: This message was deleted",
            "Grace left? who added her",
        ]
        export = read(android(*(f"Jo: {body}" for body in typed)))
        assert kinds(export) == [("Jo", "text", body) for body in typed]

    def test_on_an_iphone_words_without_the_mark_are_typed(self) -> None:
        text = (
            f"[22/09/2025, 07:45:01] Jo: {LRM}image omitted\r\n"
            "[22/09/2025, 07:45:02] Jo: This message was deleted.\r\n"
            "[22/09/2025, 07:45:03] Jo: Ann left\r\n"
            f"[22/09/2025, 07:45:04] Jo: {LRM}Ann left\r\n"
        )
        assert [(m.author, m.kind) for m in read(text).messages] == [
            ("Jo", "attachment"),
            ("Jo", "text"),
            ("Jo", "text"),
            (None, "system"),
        ]

    def test_an_edit_is_marked_only_at_the_end(self) -> None:
        line = only(android(f"Jo: 10:30 {LRM}<This message was edited>"))
        assert (line.body, line.edited) == ("10:30", True)
        header, marker = "[22/09/2025, 07:45:01] Jo: ", f"{LRM}<This message was edited>"
        assert not only(f"{header}{marker} he said").edited
        file = only(f"{header}{LRM}<attached: a.jpg> {marker}")
        assert (file.attachment, file.edited) == ("a.jpg", True)

    def test_polls_and_places_are_text(self) -> None:
        poll = f"{LRM}ANKETA:\nTrip?\n{LRM}MOŽNOST: Tue (4 hlasy)"
        assert only(f"[22/09/2025, 07:45:01] Jo: {poll}").subkind == "poll"
        place = f"[22/09/2025, 07:45:01] Jo: {LRM}Location: https://maps.google.com/?q=51.5,-0.12"
        assert (only(place).kind, only(place).subkind) == ("text", "location")

    def test_direction_marks_go_and_emoji_joiners_stay(self) -> None:
        line = only(android(f"Jo: @{FSI}~{NBSP}Sam{PDI} \U0001f468\u200d\U0001f467 \u2764\ufe0f"))
        assert line.body == "@~ Sam \U0001f468\u200d\U0001f467 \u2764\ufe0f"

    def test_an_empty_text_is_kept(self) -> None:
        assert kinds(read(android("Jo:", "Jo: "))) == [("Jo", "text", ""), ("Jo", "text", "")]


class TestNames:
    def test_a_notice_with_a_colon_in_a_title_makes_no_phantom(self) -> None:
        notice = 'Jo changed the subject from "Y6: Trip" to "Y6: Trip, Tuesday"'
        assert kinds(read(android(notice, notice, "Jo: Hi")))[:2] == [(None, "system", notice)] * 2

    def test_a_name_with_a_colon_is_borne_out_by_a_notice(self) -> None:
        export = read(
            android(
                "Jo added Office: Front Desk",
                "Office: Front Desk: Parcel",
                "Office: Front Desk: Gate is open",
                "Office: Front Desk left",
                "Jo: Ann: can you?",
            )
        )
        assert [line.author for line in export.messages] == [
            None,
            "Office: Front Desk",
            "Office: Front Desk",
            None,
            "Jo",
        ]

    def test_an_iphone_export_without_marks_still_has_its_notices(self) -> None:
        text = (
            "[22/09/2025, 07:45:01] Y6: Messages and calls are end-to-end encrypted. No one\n"
            "[22/09/2025, 07:45:02] Bob: Alice added Bob\n"
            "[22/09/2025, 07:45:03] Bob: Jo left\n"
        )
        assert [line.author for line in read(text).messages] == [None, None, "Bob"]

    def test_numbers_become_unknown_senders_everywhere(self) -> None:
        export = read(
            android(
                "Jo added +44 7700 900555",
                f"+44{NBSP}7700{NBSP}900555: Ring 020 7946 0123",
                "+1 (202) 555\u20110143: @447700900555 https://wa.me/12025550143",
                "Jo: 07700 900555 on 28/03/2025 for 12.50, ref 2025-11-14-07-20",
            )
        )
        assert [(line.author, line.body) for line in conceal_numbers(export.messages)] == [
            (None, "Jo added Unknown sender 1"),
            ("Unknown sender 1", "Ring Unknown sender 2"),
            ("Unknown sender 3", "@Unknown sender 1 https://wa.me/Unknown sender 3"),
            ("Jo", "Unknown sender 1 on 28/03/2025 for 12.50, ref 2025-11-14-07-20"),
        ]

    def test_the_samples_keep_no_number(self) -> None:
        data = (SAMPLES / "dev2_android_en_gb_media.txt").read_bytes()
        lines = conceal_numbers(parse(data, file_name="x.txt", today=TODAY).messages)
        assert not re.search(r"7700|900555", repr(lines))
        assert lines[4].author == "Unknown sender 1"
        assert lines[8].body.endswith("?q=51.481583,-3.179090")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(10**9, 10**10 - 1), min_size=1, max_size=5))
def test_one_number_gets_one_name_however_it_is_written(numbers: list[int]) -> None:
    texts = [f"Jo: a +44 {n // 10**6} {n % 10**6:06} b @44{n}" for n in numbers]
    for line in conceal_numbers(read(android(*texts)).messages):
        assert re.fullmatch(r"a (Unknown sender \d+) b @\1", line.body)
