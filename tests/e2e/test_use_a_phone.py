"""A phone held upright, with a thumb."""

import pytest
from playwright.sync_api import Locator, expect

from accounts.models import User
from messaging.services.pins import pin
from tests.e2e.conftest import Open
from tests.e2e.measures import fits, too_small
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)
_LINES = """(part) => {
  const text = document.createRange();
  text.selectNodeContents(part);
  return new Set([...text.getClientRects()].map(({ top }) => Math.round(top))).size;
}"""
THUMB = 44  # CSS pixels; WCAG 2.2 asks for 24, phones' makers for 44


@pytest.fixture
def phone(open_window: Open, alice: User, bob: User, dana: User) -> Window:
    channel = channel_of(alice, bob, name="Year 5")
    pin(by=alice, message_id=say(bob, channel, "Please bring the register").id, on=True)
    window = open_window(alice, viewport=PHONE)
    window.page.goto("/")
    window.wait_until_live()
    return window


def _touchable(part: Locator) -> bool:
    box = part.bounding_box()
    return box is not None and box["width"] >= THUMB and box["height"] >= THUMB


def test_list_conversation_message_and_back(phone: Window) -> None:
    expect(phone.channel_link("Year 5")).to_be_visible()
    assert fits(phone)
    phone.channel_link("Year 5").tap()
    expect(phone.sees("Please bring the register")).to_be_visible()
    expect(phone.page.locator("chat-rail")).to_be_hidden()
    assert fits(phone)
    readers = phone.page.locator("[data-readers-brief]")
    expect(readers).to_have_text("2 in it · 1 may search it · kept 1 year")
    expect(phone.page.get_by_role("button", name="1 pinned")).to_be_visible()
    assert readers.evaluate(_LINES) == 1
    assert too_small(phone, least=THUMB) == []
    phone.composer.tap()
    phone.composer.fill("Got it")
    phone.page.locator("[data-send]").tap()
    expect(phone.sees("Got it")).to_be_in_viewport()
    phone.page.get_by_role("button", name="Back to the channels").tap()
    expect(phone.channel_link("Year 5")).to_be_visible()
    expect(phone.composer).to_be_hidden()


def test_what_is_touched_is_as_large_as_a_thumb(phone: Window) -> None:
    assert _touchable(phone.channel_link("Year 5"))
    phone.channel_link("Year 5").tap()
    phone.sees("Please bring the register")
    phone.composer.fill("x")
    tools = [
        phone.page.locator("[data-send]"),
        phone.page.get_by_role("button", name="Back to the channels"),
    ]
    assert [_touchable(tool) for tool in tools] == [True, True]


def test_enter_makes_a_new_line_and_a_long_word_does_not_widen_the_page(phone: Window) -> None:
    phone.channel_link("Year 5").tap()
    phone.composer.fill("one")
    phone.composer.press("Enter")
    phone.page.keyboard.type("two")
    expect(phone.composer).to_have_value("one\ntwo")
    phone.composer.fill("w" * 400)
    phone.page.locator("[data-send]").tap()
    phone.sees("w" * 400)
    assert fits(phone)


@pytest.mark.shows("long-press", on="phone")
def test_a_long_press_opens_the_menu(phone: Window) -> None:
    phone.channel_link("Year 5").tap()
    row = phone.sees("Please bring the register")
    box = row.bounding_box()
    assert box
    place = {"clientX": box["x"] + 40, "clientY": box["y"] + 20, "pointerType": "touch"}
    row.dispatch_event("pointerdown", place)
    expect(phone.page.get_by_role("menu")).to_be_visible()
    phone.page.get_by_role("menuitem", name="Reply").tap()
    expect(phone.page.locator("[data-strip]")).to_contain_text("Replying to Bob Brennan")
