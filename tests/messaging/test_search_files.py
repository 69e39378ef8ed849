"""What stands in a file, and what it is called, is found with the message that brings it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise

import pytest
from django.db import connection

from accounts.models import User
from audit.clock import month_of
from messaging.files.texts import MOST_BYTES, Read, has_text, text_in
from messaging.models import Channel, File, Message
from messaging.search.hits import Hit
from messaging.search.query import parse
from messaging.search.rebuild import rebuild_all
from messaging.search.run import search
from messaging.search.scope import Scope
from messaging.services.messages import delete_message, edit_message
from tests.cast import client_of
from tests.messaging.files import samples
from tests.scenes import channel_of, say
from tests.uploads import ids, uploaded

type AsRole = Callable[[str], AbstractContextManager[None]]

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_SLIDE = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_OPEN = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
LETTER = samples.pdf_saying("Permission slip for the pond", "Bring wellingtons (size 13)")
DOCUMENTS = {
    "pdf": LETTER,
    "docx": samples.archive(
        {
            "word/document.xml": f"<w:document {_WORD}><w:p><w:r><w:t>Permission sl</w:t></w:r>"
            "<w:r><w:t>ip</w:t><w:tab/><w:t>for the pond</w:t></w:r></w:p></w:document>",
            "word/footnotes.xml": f"<w:f {_WORD}><w:p><w:t>Bring wellingtons</w:t></w:p></w:f>",
        }
    ),
    "xlsx": samples.archive(
        {
            "xl/sharedStrings.xml": f"<sst {_SHEET}><si><t>Permission slip for the pond</t></si>"
            "<si><r><t>Bring well</t></r><r><t>ingtons</t></r></si></sst>",
            "xl/worksheets/sheet1.xml": f'<worksheet {_SHEET}><c t="s"><v>0</v></c></worksheet>',
        }
    ),
    "pptx": samples.archive(
        {
            "ppt/slides/slide10.xml": f"<s {_SLIDE}><a:p><a:t>Bring wellingtons</a:t></a:p></s>",
            "ppt/slides/slide2.xml": f"<s {_SLIDE}><a:p><a:t>Permission slip for the pond</a:t>"
            "</a:p></s>",
        }
    ),
    "odt": samples.archive(
        {
            "content.xml": f"<o {_OPEN}><text:h>Permission <text:span>sl</text:span>ip for the"
            "<text:s/>pond</text:h><text:p>Bring wellingtons</text:p></o>"
        }
    ),
    "csv": "Permission slip for the pond\r\nBring wellingtons\0".encode("utf-16"),
}


@pytest.mark.parametrize("extension", DOCUMENTS)
def test_the_words_of_a_document_are_read_in_their_order(extension: str) -> None:
    read = text_in(DOCUMENTS[extension], extension)

    first, second = read.text.splitlines()[:2]
    assert read.is_whole
    assert first == "Permission slip for the pond"
    assert second.startswith("Bring wellingtons")


@pytest.mark.parametrize("data", [b"%PDF-1.7 and nothing", samples.pdf(), LETTER[:200]])
def test_a_document_that_does_not_open_has_no_words(data: bytes) -> None:
    assert text_in(data, "pdf") == Read(text="", is_whole=False)


def test_a_document_that_unpacks_without_end_has_no_words() -> None:
    bomb = samples.archive({"content.xml": b"<o>" + b" " * (80 * 1024 * 1024)})

    assert text_in(bomb, "odt") == Read(text="", is_whole=False)


def test_what_refers_to_itself_without_end_has_no_words() -> None:
    """The billion laughs, which the reader of XML cuts short."""
    names = "abcdefghij"
    laughs = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names))
    laughing = f'<!DOCTYPE o [<!ENTITY a "ha">{laughs}]><o {_OPEN}><text:p>&j;</text:p></o>'

    assert text_in(samples.archive({"content.xml": laughing}), "odt") == Read(
        text="", is_whole=False
    )


def test_a_page_without_words_and_what_is_too_long_are_said_to_be_unread() -> None:
    assert not text_in(samples.pdf_saying("Bring wellingtons", samples.A_SCAN), "pdf").is_whole
    assert text_in(samples.pdf_saying("Bring wellingtons", ""), "pdf").is_whole
    assert not text_in(b"word " * 20_001, "txt").is_whole
    assert text_in(b"word " * 20_000, "txt").is_whole


def test_large_files_and_sound_are_not_read() -> None:
    assert not has_text("pdf", MOST_BYTES + 1)
    assert not has_text("m4a", 100)


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def message(alice: User, channel: Channel) -> Message:
    letter = uploaded(alice, channel, LETTER, "pond_letter-Y6.pdf")
    return say(alice, channel, "For Thursday", uploads=ids(letter))


def found(words: str, channel: Channel, *, versions: bool = False) -> list[Hit]:
    scope = Scope(channels=frozenset({channel.id}), versions=versions)
    return search(scope, parse(words), seconds=30).hits


@pytest.mark.parametrize(
    "words",
    [
        "wellington",
        '"permission slip"',
        "perm*",
        "thursday wellingtons",
        "pond letter",
        '"letter Y6"',
        "pond_letter-Y6.pdf",
    ],
)
def test_a_message_is_found_by_its_file(words: str, message: Message, channel: Channel) -> None:
    (hit,) = found(words, channel)

    assert hit.message == message
    assert hit.files


@pytest.mark.parametrize("words", ['"Thursday pond"', '"pdf permission"', '"pond bring me"', "zoo"])
def test_no_phrase_goes_from_one_part_into_the_next(
    words: str, message: Message, channel: Channel
) -> None:
    assert found(words, channel) == []


def test_a_hit_shows_where_in_the_file_the_words_stand(message: Message, channel: Channel) -> None:
    (hit,) = found("slip letter", channel)

    (file,) = hit.files
    assert file.name == "pond_<mark>letter</mark>-Y6.pdf"
    assert "Permission <mark>slip</mark> for the pond" in file.excerpt
    assert hit.spans == []


def test_members_see_it_and_outsiders_do_not(
    message: Message, bob: User, carol: User, theo: User
) -> None:
    page = client_of(bob).get("/search/", {"q": "wellingtons"}).content.decode()

    assert "<mark>wellingtons</mark>" in page
    assert "pond_letter-Y6.pdf" in page
    for stranger in (carol, theo):
        page = client_of(stranger).get("/search/", {"q": "wellingtons"}).content.decode()
        assert "pond_letter" not in page


def test_an_edit_keeps_the_file_found_and_a_delete_leaves_it_to_the_desk(
    message: Message, channel: Channel, alice: User
) -> None:
    edit_message(author=alice, message_id=message.id, body="For Friday")
    assert [hit.version for hit in found("wellingtons", channel)] == [2]

    delete_message(by=alice, message_id=message.id)
    assert found("wellingtons", channel) == []
    assert [hit.version for hit in found("wellingtons", channel, versions=True)] == [2, 1]


def test_what_is_passed_on_is_found_where_it_went(
    message: Message, channel: Channel, alice: User
) -> None:
    other = channel_of(alice, name="Year 6")

    passed = say(alice, other, "", forward=message.id)

    assert [hit.message for hit in found("wellingtons", other)] == [passed]


def test_where_the_text_of_a_file_was_altered_the_month_is_named(
    message: Message, channel: Channel, alice: User, as_role: AsRole
) -> None:
    other = say(alice, channel, "No wellingtons on Friday")
    with as_role("owner"):
        File.objects.update(text=b"\0" * 60)

    page = search(Scope(channels=frozenset({channel.id})), parse("wellingtons"))

    assert [hit.message for hit in page.hits] == [other]
    assert page.unread == (month_of(message.sent_at),)
    assert [hit.message for hit in found('"letter Y6"', channel)] == [message]


@pytest.mark.database_role("worker")
def test_a_rebuild_reads_the_same(message: Message, channel: Channel) -> None:
    list(rebuild_all())

    assert [hit.message for hit in found("wellingtons thursday", channel)] == [message]


def test_the_database_holds_no_word_of_it(message: Message) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM messaging_file")
        (sealed,) = cursor.fetchone()

    assert b"wellingtons" not in bytes(sealed)
    assert File.objects.get().text
