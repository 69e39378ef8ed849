"""What may not come, or cannot be kept, is said in one sentence, at a desk and on a phone."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import expect

from accounts.models import User
from messaging.models import Channel, Message
from messaging.services.channel_settings import change_channel
from tests.e2e.conftest import Open
from tests.e2e.files import (
    asked_for,
    attach,
    document,
    file,
    is_drawn,
    picture,
    ready,
    row_with,
    strip,
    text,
    tile,
)
from tests.e2e.window import DESK, PHONE, Window
from tests.faults.storage import away, room_for
from tests.messaging.files import samples
from tests.messaging.files.test_make_pictures_anew import png_that_says
from tests.promises import told
from tests.scenes import channel_of

pytestmark = pytest.mark.django_db(transaction=True)

_TURNED = "../../duty/\u202erota.txt"
_LONG = "a" * 300 + ".txt"
MEBIBYTE = 2**20


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


def _look(window: Window, channel: Channel) -> Window:
    window.look_at(channel)
    return window


def _is_said(window: Window, name: str, words: str) -> None:
    expect(tile(window, name)).to_contain_text(words)


@pytest.mark.says("bomb", "svg", "polyglot", "disguised", "file-names")
@pytest.mark.shows("bomb", "svg", "polyglot", "disguised", "file-names", on="both")
@pytest.mark.shows("file-kinds", "file-size", on="both")
def test_what_may_not_come_is_refused_in_a_sentence_and_the_rest_goes(
    open_window: Open, channel: Channel, alice: User, settings: object
) -> None:
    small = replace(django_settings.FILES, most_bytes=MEBIBYTE)
    settings.FILES = small  # type: ignore[attr-defined]
    archive = samples.archive({"a.class": b"\xca\xfe\xba\xbe"})
    bad = {
        told("bomb"): file("huge.png", "image/png", png_that_says(8001, 5000)),
        told("svg"): file("drawing.svg", "image/svg+xml", b"<svg><script>alert(1)</script></svg>"),
        told("polyglot"): document("both.pdf", samples.pdf() + archive),
        told("disguised"): file("photo.jpg", "image/jpeg", archive),
        "Files of this kind are not allowed here.": file("film.mp4", "video/mp4", b"film"),
        "This file is empty.": text("empty.txt", 0),
        "This file is larger than 1 MB": text("large.txt", MEBIBYTE + 1),
    }
    for screen in (DESK, PHONE):
        window = _look(open_window(alice, viewport=screen), channel)
        attach(window, *bad.values())
        for words, given in bad.items():
            _is_said(window, given["name"], words)
        assert len(window.complaints) == 4  # the browser's own lines about the answers
        window.complaints.clear()
        attach(window, text(_TURNED, 90), text(_LONG, 90))
        expect(window.page.locator(".tile", has_text=told("file-names"))).to_have_count(2)
        window.page.locator("[data-send]").click()
        strip(window, "Not sent yet: a file could not be added. Remove it or try again.")
        for given in bad.values():
            window.page.get_by_role("button", name=f"Remove {given['name']}").click()
        sent = window.log.locator("article:not(.message--pending)").last
        expect(sent.locator(".download")).to_have_count(2)
        expect(sent).to_contain_text("duty-rota.txt")


@pytest.mark.says("full-disk", "storage-down")
@pytest.mark.shows("full-disk", "storage-down", on="both")
def test_what_cannot_be_kept_is_said_and_goes_when_there_is_room(
    open_window: Open, channel: Channel, alice: User, tmp_path: Path
) -> None:
    both = [_look(open_window(alice, viewport=screen), channel) for screen in (DESK, PHONE)]
    with away(tmp_path):
        for window in both:
            attach(window, document("rota.pdf"))
            _is_said(window, "rota.pdf", told("storage-down"))
    with room_for(MEBIBYTE):
        for window in both:
            attach(window, text("register.txt", 2 * MEBIBYTE))
            _is_said(window, "register.txt", told("full-disk"))
            window.write(f"By {window.screen}")
            strip(window, "Not sent yet")
    assert not Message.objects.filter(kind="text").exists()
    for window in both:
        tile(window, "register.txt").get_by_role("button", name="Try again").click()
        expect(window.sees(f"By {window.screen}").locator(".download")).to_have_count(2)
        assert {word.partition("status of ")[2][:3] for word in window.complaints} == {"503", "507"}
        window.complaints.clear()


@pytest.mark.shows("ask-before-photo", on="both", people=2)
def test_before_a_photo_goes_to_many_one_is_asked_once(
    open_window: Open, channel: Channel, alice: User, bob: User, settings: object
) -> None:
    settings.FILES = replace(django_settings.FILES, large_channel=2)  # type: ignore[attr-defined]
    a = _look(open_window(alice), channel)
    b = _look(open_window(bob, viewport=PHONE), channel)
    attach(a, document())
    ready(a, "Duty rota.pdf")
    a.write("A rota needs no question")
    b.sees("A rota needs no question")
    for window, other, said in ((a, b, "The choir"), (b, a, "The band")):
        attach(window, picture())
        ready(window, "hall.png")
        window.write(said)
        question = window.page.get_by_role("dialog")
        expect(question).to_contain_text("This goes to 2 people. Send the photo?")
        question.get_by_role("button", name="Don’t send").click()
        expect(window.composer).to_have_value(said)
        window.page.locator("[data-send]").click()
        question.get_by_role("button", name="Send it").click()
        is_drawn(other.sees(said).locator("img"))


@pytest.mark.shows("no-images", on="both")
def test_where_no_pictures_are_allowed_it_is_said_before_anything_is_uploaded(
    open_window: Open, channel: Channel, alice: User
) -> None:
    windows = [_look(open_window(alice, viewport=screen), channel) for screen in (DESK, PHONE)]
    who = channel.mention_all
    change_channel(
        by=alice, channel_id=channel.id, name="Year 5", purpose="", mention_all=who, no_images=True
    )
    for window in windows:
        window.sees("whether pictures may be posted")
        asked = asked_for(window)
        rota = f"{window.screen}.pdf"
        attach(window, picture(), document(rota))
        ready(window, rota)
        expect(tile(window, "hall.png")).to_contain_text(
            "Pictures are not allowed in this channel."
        )
        window.page.get_by_role("button", name="Remove hall.png").click()
        window.page.locator("[data-send]").click()
        expect(row_with(window, rota)).to_have_count(1)
        assert len([one for one in asked if one.url.endswith("/messages/uploads/")]) == 1
