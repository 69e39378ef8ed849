"""What a message gives away: its link, its words, and how it is read out."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from audit.clock import now
from messaging.models import Channel
from tests.e2e.conftest import Open
from tests.e2e.talking import hold
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    channel = channel_of(alice, bob, name="Year 5")
    say(bob, channel, "Please **bring** the register")
    return channel


def _copied(window: Window, what: str) -> str:
    """What is on the clipboard, once the page has said that it is."""
    expect(window.page.get_by_text(f"The {what} is copied.")).to_be_visible()
    return str(window.page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.shows("copy", "label-order", on="desk")
@pytest.mark.shows("link", on="both", people=2)
def test_a_link_opens_the_message_for_those_who_may_read_it(
    open_window: Open, channel: Channel, alice: User, carol: User
) -> None:
    a = open_window(alice, permissions=["clipboard-read", "clipboard-write"])
    a.look_at(channel)
    row = a.sees("Please bring the register")
    label = row.get_attribute("aria-label") or ""
    author, text, time = (
        label.index(part) for part in ("Bob Brennan", "Please bring", f" {now().year}")
    )
    assert author < text < time
    a.choose("Please bring the register", "Copy text")
    assert _copied(a, "text") == "Please **bring** the register"
    a.choose("Please bring the register", "Copy link")
    link = _copied(a, "link")
    for number in range(60):
        say(alice, channel, f"Later {number}")
    a.page.goto(link)
    a.wait_until_live()
    expect(a.sees("Please bring the register")).to_be_in_viewport()
    c = open_window(carol, viewport=PHONE)
    c.page.goto(link)
    c.wait_until_live()
    expect(c.page.get_by_text("That channel is not one of yours.")).to_be_visible()
    assert "register" not in c.page.content()


@pytest.mark.shows("copy", "above-keyboard", "link", on="phone")
def test_a_phone_copies_and_keeps_the_line_above_its_keyboard(
    open_window: Open, channel: Channel, alice: User
) -> None:
    thumb = {"viewport": PHONE}
    a = open_window(alice, permissions=["clipboard-read", "clipboard-write"], **thumb)
    a.look_at(channel)
    hold(a, "Please bring the register")
    a.page.get_by_role("menuitem", name="Copy text").tap()
    assert _copied(a, "text") == "Please **bring** the register"
    a.choose("Please bring the register", "Copy link")
    a.page.goto(_copied(a, "link"))
    a.wait_until_live()
    expect(a.sees("Please bring the register")).to_be_in_viewport()
    a.composer.tap()
    # Android's browsers make the page shorter.
    a.page.set_viewport_size({"width": PHONE["width"], "height": 420})
    expect(a.composer).to_be_in_viewport(ratio=1)
    expect(a.sees("Please bring the register")).to_be_in_viewport()
    a.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    # iOS covers it, and says only that less of it is seen.
    a.page.evaluate(
        """() => {
          Object.defineProperty(window.visualViewport, "height", { get: () => 420 });
          window.visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    lowest = "(button) => button.getBoundingClientRect().bottom <= 420"
    a.page.wait_for_function(lowest, arg=a.page.locator("[data-send]").element_handle())
