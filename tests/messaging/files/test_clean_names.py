"""A file's name is fit to be seen and saved, and its ending is true."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.files.kinds import KINDS
from messaging.files.names import MOST_BYTES, MOST_CHARS, clean_name


@pytest.mark.parametrize(
    ("given_name", "extension", "clean"),
    [
        ("Year 7 trip.pdf", "pdf", "Year 7 trip.pdf"),
        ("IMG_2041.JPEG", "jpg", "IMG_2041.jpg"),
        ("IMG_2041.HEIC", "jpg", "IMG_2041.jpg"),
        ("../../etc/passwd", "txt", "etc-passwd.txt"),
        ("C:\\Users\\bob\\plan.docx", "docx", "C:-Users-bob-plan.docx"),
        ("24/7 plan.docx", "docx", "24-7 plan.docx"),
        ("invoice\u202efdp.exe", "pdf", "invoicefdp.pdf"),
        ("invoice.pdf.exe", "pdf", "invoice.pdf"),
        ("photo.exe", "jpg", "photo.jpg"),
        ("version 1.2", "pdf", "version 1.2.pdf"),
        ("notes.md", "txt", "notes.md.txt"),
        ("a\x00b\nc\td.txt", "txt", "ab c d.txt"),
        ("report.pdf. . .", "pdf", "report.pdf"),
        (".htaccess", "txt", "htaccess.txt"),
        ("...", "png", "file.png"),
        ("\u200b\u2066\u2069", "png", "file.png"),
        (".pdf", "pdf", "pdf.pdf"),
        ("Pe\u0301rez.odt", "odt", "Pérez.odt"),
        ("학교 소풍.jpg", "jpg", "학교 소풍.jpg"),
    ],
)
def test_a_name_is_cleaned(given_name: str, extension: str, clean: str) -> None:
    assert clean_name(given_name, KINDS[extension]) == clean


def test_a_name_of_three_hundred_characters_is_cut_and_says_so() -> None:
    cut = clean_name("n" * 300 + ".pdf", KINDS["pdf"])
    assert len(cut) == MOST_CHARS
    assert cut.endswith("n….pdf")


@given(st.text(max_size=400), st.sampled_from(sorted(KINDS)))
def test_whatever_the_name_it_can_be_saved(given_name: str, extension: str) -> None:
    clean = clean_name(given_name, KINDS[extension])
    assert clean.endswith(f".{extension}")
    assert len(clean) <= MOST_CHARS
    assert len(clean.encode()) <= MOST_BYTES
    assert not set(clean) & set("/\\")
    assert not clean.startswith((".", " "))
    assert all(unicodedata.category(char)[0] != "C" for char in clean)
    assert clean_name(clean, KINDS[extension]) == clean
