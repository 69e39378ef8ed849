"""One line above words that seem to hold what does not belong everywhere, in two browsers."""

import pytest
from playwright.sync_api import Locator, expect

from accounts.models import User
from messaging.models import Channel
from tests.e2e.conftest import Open
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, settle

pytestmark = pytest.mark.django_db(transaction=True)

UPN = "H801200001001"
SAID = "This looks like a pupil's UPN. Is this channel the right place?"


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


def _line(window: Window) -> Locator:
    return window.page.locator("chat-composer chat-nudge")


def _sends(window: Window, words: str) -> None:
    window.composer.fill(words)
    window.page.locator("[data-send]").click()


@pytest.mark.shows("nudge", "nudge-safeguarding", "nudge-block", on="both", people=2)
def test_it_says_so_and_keeps_nobody_from_writing_unless_the_school_does(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    settle(safeguarding_route="Ring Dana on extension 12.")
    a, b = open_window(alice), open_window(bob, viewport=PHONE)
    for window, name in ((a, "one"), (b, "two")):
        window.look_at(channel)
        window.composer.press_sequentially("His UPN is ")
        expect(_line(window)).to_be_hidden()
        window.composer.press_sequentially(UPN)
        expect(_line(window)).to_have_attribute("role", "status")
        expect(_line(window).locator("span")).to_have_text(SAID)
        expect(window.composer).to_be_focused()
        assert window.violations() == []
        with window.in_the_dark():
            assert window.violations(["color-contrast"]) == []
        # Put away for this draft, and back with the next one.
        _line(window).get_by_role("button", name="Dismiss").click()
        expect(_line(window)).to_be_hidden()
        window.composer.press_sequentially(" and so on")
        window.composer.press_sequentially(" self-harm")
        expect(_line(window)).to_contain_text("Ring Dana on extension 12.")
        _sends(window, f"{UPN} for {name}")
        a.sees(f"{UPN} for {name}")
        expect(_line(window)).to_be_hidden()
        window.composer.fill(UPN)
        expect(_line(window).locator("span")).to_have_text(SAID)
        window.composer.fill("")
        expect(_line(window)).to_be_hidden()

    for window in (a, b):
        window.composer.fill(UPN)
        expect(_line(window)).to_be_visible()
    settle(nudge_upn="block")
    for window in (a, b):
        expect(_line(window)).to_contain_text("which your school does not let be sent here.")
        _sends(window, f"{UPN} once more")
        refused = window.log.locator("article", has_text="once more")
        expect(refused).to_contain_text("This holds a pupil's UPN")
    settle(nudge_upn="off")
    a.composer.fill(UPN)
    a.composer.press("End")
    expect(_line(a)).to_be_hidden()
