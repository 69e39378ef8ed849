"""Pins: for everybody in the channel, counted in the header, listed beside, with a way to each."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from messaging.models import Channel
from tests.e2e.conftest import Open
from tests.e2e.talking import focus, press, side
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    channel = channel_of(alice, bob, name="Year 5")
    say(bob, channel, "The duty rota for June")
    for number in range(90):
        say(bob, channel, f"Line {number:02}")
    return channel


def _window(open_window: Open, person: User, channel: Channel) -> Window:
    window = open_window(person)
    window.look_at(channel)
    return window


@pytest.mark.shows("pin", on="desk", people=2)
def test_a_pin_is_seen_by_others_and_leads_to_its_message(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    a, b = _window(open_window, alice, channel), _window(open_window, bob, channel)
    pins = b.page.locator("chat-pins button")
    expect(pins).to_be_hidden()
    a.choose("Line 89", "Pin")
    expect(a.page.get_by_text("Pinned for everybody in this channel.")).to_be_visible()
    expect(a.sees("Line 89")).to_contain_text("Pinned")
    expect(pins).to_have_text("1 pinned")
    b.page.locator("[data-scroller]").evaluate("box => box.scrollTo(0, 0)")
    b.choose("The duty rota", "Pin")
    expect(pins).to_have_text("2 pinned")
    pins.click()
    listed = side(b).get_by_role("listitem")
    expect(listed).to_have_count(2)
    expect(listed.first).to_contain_text("The duty rota")
    listed.last.get_by_role("button", name="Show in the conversation").click()
    expect(b.message("Line 89")).to_be_focused()
    listed.last.get_by_role("button", name="Unpin").click()
    expect(listed).to_have_count(1)
    expect(a.page.locator("chat-pins button")).to_have_text("1 pinned")


def test_the_keyboard_alone_pins_finds_and_unpins(
    open_window: Open, channel: Channel, alice: User
) -> None:
    a = _window(open_window, alice, channel)
    focus(a, "Line 88")
    press(a, "p")
    pins = a.page.locator("chat-pins button")
    expect(pins).to_have_text("1 pinned")
    pins.focus()
    press(a, "Enter")
    expect(a.page.get_by_role("heading", name="Pinned messages")).to_be_focused()
    side(a).get_by_role("button", name="Show in the conversation").focus()
    press(a, "Enter")
    expect(a.message("Line 88")).to_be_focused()
    press(a, "p")
    expect(pins).to_be_hidden()
    expect(side(a)).to_contain_text("Nothing is pinned here.")


@pytest.mark.shows("pin", on="both")
def test_on_a_phone_the_list_makes_way_for_the_message(
    open_window: Open, channel: Channel, alice: User
) -> None:
    desk = _window(open_window, alice, channel)
    focus(desk, "Line 87")
    press(desk, "p")
    expect(desk.page.locator("chat-pins button")).to_have_text("1 pinned")
    phone = open_window(alice, viewport=PHONE)
    phone.page.goto("/")
    phone.wait_until_live()
    phone.channel_link("Year 5").tap()
    phone.page.get_by_role("button", name="1 pinned").tap()
    side(phone).get_by_role("button", name="Show in the conversation").tap()
    expect(side(phone)).to_be_hidden()
    expect(phone.message("Line 87")).to_be_focused()
    expect(phone.message("Line 87")).to_be_in_viewport()
