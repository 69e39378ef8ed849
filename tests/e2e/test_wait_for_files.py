"""A message waits for the scanner, and one that was taken back has its files again."""

from dataclasses import replace

import pytest
from django.conf import settings as school
from playwright.sync_api import expect

from accounts.models import User
from accounts.services.people import deactivate_person
from messaging.files.checking import check_waiting
from messaging.models import Channel
from tests.e2e.conftest import Open
from tests.e2e.files import attach, document, is_drawn, picture, ready, row_with, tile
from tests.e2e.window import WIDE
from tests.scenes import channel_of

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = "unix:///nowhere/clamd.ctl"


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


@pytest.mark.shows("scanner-away", "scanner-down")
def test_while_the_scanner_is_away_it_is_said_and_the_message_goes_afterwards(
    open_window: Open, channel: Channel, alice: User, bob: User, settings: object
) -> None:
    there = school.FILES
    settings.FILES = replace(there, scanner=NOBODY, decided=True)  # type: ignore[attr-defined]
    a, b = open_window(alice, viewport=WIDE), open_window(bob, viewport=WIDE)
    a.look_at(channel)
    b.look_at(channel)
    attach(a, document())
    expect(tile(a, "Duty rota.pdf")).to_contain_text("The virus scanner is away.")
    a.write("The rota")
    expect(a.page.locator(".tray__strip")).to_contain_text("Sending when the virus scanner is back")
    expect(b.message("The rota")).to_have_count(0)
    settings.FILES = there  # type: ignore[attr-defined]
    check_waiting()
    expect(b.sees("The rota").locator(".download")).to_have_count(1)


@pytest.mark.shows("undo-send")
def test_what_is_taken_back_has_its_files_again(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    a, b = open_window(alice, viewport=WIDE), open_window(bob, viewport=WIDE)
    a.look_at(channel)
    b.look_at(channel)
    a.page.get_by_role("button", name="your menu").click()
    a.page.get_by_role("menuitemcheckbox", name="Wait 5 seconds before sending").click()
    a.page.keyboard.press("Escape")
    attach(a, picture())
    ready(a, "hall.png")
    a.write("The hall")
    a.log.get_by_role("button", name="Undo").click()
    expect(a.composer).to_have_value("The hall")
    ready(a, "hall.png")
    a.composer.press("Enter")
    is_drawn(b.sees("The hall").locator("img"))


def test_at_the_end_neither_what_was_seen_large_nor_what_was_going_to_be_sent_stays(
    open_window: Open, channel: Channel, alice: User, theo: User
) -> None:
    a = open_window(alice, viewport=WIDE)
    a.look_at(channel)
    attach(a, picture())
    ready(a, "hall.png")
    a.composer.press("Enter")
    seen = row_with(a, "hall.png").locator(".picture")
    is_drawn(seen.locator("img"))
    attach(a, picture("not sent.png"))
    ready(a, "not sent.png")
    expect(a.page.locator("chat-app[data-keeps]")).to_be_attached()
    with a.page.expect_response(lambda answer: answer.request.method == "PUT"):
        a.composer.fill("Not for everybody")
    seen.click()
    expect(a.page.locator(".pswp__caption")).to_contain_text("hall.png")
    deactivate_person(by=theo, person_id=alice.id)
    expect(a.page.locator("[data-ended] h1")).to_be_visible()
    expect(a.page.locator(".pswp, .tile, img[src^=blob]")).to_have_count(0)
    expect(a.page.locator("[data-ended] h1")).to_be_focused()
    expect(a.composer).to_have_value("")
