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
from tests.e2e.files import PDF, attach, document, is_drawn, picture, ready, row_with, tile
from tests.e2e.window import PHONE
from tests.messaging.files.clamav import clamd
from tests.messaging.files.samples import EICAR
from tests.promises import told
from tests.scenes import channel_of

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = "unix:///nowhere/clamd.ctl"


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


@pytest.mark.says("scanner-down")
@pytest.mark.shows("scanner-away", "scanner-down", "scan", on="both", people=2)
def test_while_the_scanner_is_away_it_is_said_and_the_message_goes_afterwards(
    open_window: Open, channel: Channel, alice: User, bob: User, settings: object
) -> None:
    there = school.FILES
    settings.FILES = replace(there, scanner=NOBODY, decided=True)  # type: ignore[attr-defined]
    a, b = open_window(alice), open_window(bob, viewport=PHONE)
    for window in (a, b):
        window.look_at(channel)
        attach(window, document())
        expect(tile(window, "Duty rota.pdf")).to_contain_text(told("scanner-down"))
        window.write(f"The rota by {window.screen}")
        strip = window.page.locator(".tray__strip")
        expect(strip).to_contain_text("Sending when the virus scanner is back")
        expect(window.message("The rota")).to_have_count(0)
    with clamd() as daemon:
        settings.FILES = replace(there, scanner=daemon.unix, decided=True)  # type: ignore[attr-defined]
        check_waiting()
        for window, other in ((a, b), (b, a)):
            expect(other.sees(f"The rota by {window.screen}").locator(".download")).to_have_count(1)
            attach(window, document("plan.pdf", PDF + EICAR))
            expect(tile(window, "plan.pdf")).to_contain_text("found something harmful")
            assert len(window.complaints) == 1  # the browser's own line about the answer
            window.complaints.clear()


@pytest.mark.shows("undo-send", on="desk", people=2)
def test_what_is_taken_back_has_its_files_again(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    a, b = open_window(alice), open_window(bob)
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
    a = open_window(alice)
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
