"""Mentions: offered while one types, marked in the message, counted in the rail."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from messaging.models import Channel
from tests.e2e.conftest import Open
from tests.e2e.talking import press
from tests.e2e.window import DESK, PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User, dana: User) -> Channel:
    return channel_of(alice, bob, dana, name="Year 5")


@pytest.fixture
def a(open_window: Open, channel: Channel, alice: User) -> Window:
    window = open_window(alice)
    window.look_at(channel)
    return window


def _offers(window: Window, *names: str) -> None:
    """Wait until these can be chosen, in this order, and nobody else."""
    options = window.page.locator(".composer").get_by_role("option")
    expect(options.locator("b")).to_have_text(names)
    expect(options.first).to_be_visible()


@pytest.mark.shows("mention", on="desk", people=2)
def test_members_are_offered_and_the_one_who_is_meant_is_told(
    a: Window, open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    other = channel_of(alice, bob, name="Choir")
    b = open_window(bob)
    b.look_at(other)
    a.composer.press_sequentially("Could you, @")
    _offers(a, "Bob Brennan", "Dana Doyle", "@here", "@everyone")
    a.page.keyboard.type("da")
    expect(a.page.locator(".composer").get_by_role("option")).to_have_count(1)
    press(a, "Backspace", "Backspace")
    a.page.keyboard.type("bo")
    expect(a.page.locator(".composer").get_by_role("option")).to_have_count(1)
    press(a, "Enter")
    expect(a.composer).to_have_value("Could you, @Bob Brennan ")
    a.page.keyboard.type("bring the register?")
    press(a, "Enter")
    mention = a.sees("bring the register?").locator(".mention")
    expect(mention).to_have_text("@Bob Brennan")
    waiting = b.channel_link("Year 5")
    expect(waiting.locator("[data-mention]")).to_have_text("@1")
    expect(waiting).to_have_accessible_name(re.compile(r"1 unread, 1 mentions you$"))
    waiting.click()
    row = b.sees("bring the register?")
    expect(row).to_have_class(re.compile("message--mentioned"))
    expect(row).to_have_accessible_name(re.compile("mentions you"))
    expect(row.locator(".mention--me")).to_have_text("@Bob Brennan")
    expect(waiting.locator("[data-mention]")).to_be_hidden()


def test_mentions_from_before_stand_in_the_rail(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    other = channel_of(alice, bob, name="Choir")
    say(alice, channel, "@Bob Brennan please ring the office")
    say(alice, channel, "@everyone fire drill at 2")
    say(alice, channel, "Nothing for you in particular")
    b = open_window(bob)
    b.look_at(other)
    expect(b.channel_link("Year 5")).to_have_accessible_name(
        re.compile(r"3 unread, 2 mention you$")
    )


@pytest.mark.shows("mention-all", on="both")
def test_all_are_offered_only_to_those_who_may(
    open_window: Open, channel: Channel, bob: User
) -> None:
    for screen in (DESK, PHONE):
        b = open_window(bob, viewport=screen)
        b.look_at(channel)
        b.composer.press_sequentially("@")
        _offers(b, "Alice Adeyemi", "Dana Doyle")
        b.page.keyboard.type("every")
        expect(b.page.locator(".composer").get_by_role("option")).to_have_count(0)
        b.composer.fill("")


def test_arrows_choose_tab_takes_and_escape_goes_on_without(a: Window) -> None:
    a.composer.press_sequentially("@")
    _offers(a, "Bob Brennan", "Dana Doyle", "@here", "@everyone")
    press(a, "ArrowDown", "Tab")
    expect(a.composer).to_have_value("@Dana Doyle ")
    expect(a.composer).to_be_focused()
    a.page.keyboard.type("and @b")
    _offers(a, "Bob Brennan")
    press(a, "Escape")
    expect(a.page.locator(".composer").get_by_role("option")).to_have_count(0)
    a.page.keyboard.type("ob")
    press(a, "Enter")
    a.sees("@Dana Doyle and @bob")
    press(a, "Control+z")
    expect(a.composer).to_be_focused()


def test_what_was_taken_is_undone_by_the_browser(a: Window) -> None:
    a.composer.press_sequentially("Ask @bo")
    _offers(a, "Bob Brennan")
    press(a, "Enter")
    expect(a.composer).to_have_value("Ask @Bob Brennan ")
    press(a, "Control+z")
    expect(a.composer).to_have_value("Ask @bo")


@pytest.mark.shows("mention", on="phone")
def test_a_thumb_takes_a_name(open_window: Open, channel: Channel, alice: User) -> None:
    phone = open_window(alice, viewport=PHONE)
    phone.page.goto("/")
    phone.wait_until_live()
    phone.channel_link("Year 5").tap()
    phone.composer.tap()
    phone.page.keyboard.type("@da")
    option = phone.page.get_by_role("option", name="Dana Doyle")
    option.tap()
    expect(phone.composer).to_have_value("@Dana Doyle ")
    expect(phone.composer).to_be_focused()
