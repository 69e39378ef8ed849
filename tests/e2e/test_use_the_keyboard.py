"""The keyboard alone: from the sign-in page to a message sent, answered, edited and deleted."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from messaging.models import Channel
from tests.e2e.conftest import PASSWORD, Open
from tests.e2e.window import Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)
MOST_TABS = 25
_FIRST_LINK = "document.querySelector('a[href], button, input, textarea').textContent"


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _tab_to(window: Window, selector: str) -> None:
    """Tab until it has the focus; everything on the way is reachable, and nothing is a trap."""
    for _ in range(MOST_TABS):
        if window.page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        window.page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by {MOST_TABS} tabs")


@pytest.mark.shows("keyboard", on="desk")
def test_one_signs_in_and_sends(
    open_window: Open, channel: Channel, alice: User, with_password: Callable[[User], User]
) -> None:
    with_password(alice)
    window = open_window()
    window.page.goto("/")
    _tab_to(window, "[name=login]")
    window.page.keyboard.type(alice.email)
    _tab_to(window, "[name=password]")
    window.page.keyboard.type(PASSWORD)
    _press(window.page, "Enter")
    window.wait_until_live()
    expect(window.composer).to_be_focused()
    window.page.keyboard.type("Typed without a mouse")
    _press(window.page, "Enter")
    window.sees("Typed without a mouse")


def test_the_skip_link_leads_to_the_composer_from_the_top_of_the_page(
    open_window: Open, channel: Channel, alice: User
) -> None:
    window = open_window(alice)
    window.look_at(channel)
    skip = window.page.get_by_role("link", name="Skip to writing")
    first = window.page.evaluate(_FIRST_LINK)
    assert first == "Skip to writing"
    skip.focus()
    expect(skip).to_be_in_viewport()
    _press(window.page, "Enter")
    expect(window.composer).to_be_focused()


@pytest.mark.shows("roving", "arrow-edit", "keyboard", on="desk")
def test_messages_are_walked_answered_edited_and_deleted_by_keys(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    say(bob, channel, "Who is on duty?")
    say(alice, channel, "I am")
    window = open_window(alice)
    window.look_at(channel)
    window.sees("I am")
    _press(window.page, "Shift+Tab")
    _tab_back_to_log(window)
    expect(window.message("I am")).to_be_focused()
    _press(window.page, "ArrowUp")
    expect(window.message("Who is on duty?")).to_be_focused()
    _press(window.page, "r")
    expect(window.page.locator("[data-strip]")).to_contain_text("Replying to Bob Brennan")
    window.page.keyboard.type("Me, until two")
    _press(window.page, "Enter")
    window.sees("Me, until two")
    _press(window.page, "ArrowUp")
    expect(window.composer).to_have_value("Me, until two")
    window.write("Me, until three")
    window.sees("Me, until three")
    _delete_by_keys(window)


def _tab_back_to_log(window: Window) -> None:
    for _ in range(MOST_TABS):
        if window.page.evaluate("document.activeElement?.matches('[role=log] .message') ?? false"):
            return
        _press(window.page, "Shift+Tab")
    raise AssertionError("the messages are not reached from the composer")


def _delete_by_keys(window: Window) -> None:
    """Menu, last item, and the question that keeps unless told otherwise."""
    window.composer.focus()
    _tab_back_to_log(window)
    _press(window.page, "Enter")
    expect(window.page.get_by_role("menu")).to_be_visible()
    window.page.get_by_role("menuitem", name="Delete").focus()
    _press(window.page, "Enter")
    expect(window.page.get_by_role("button", name="Keep it")).to_be_focused()
    _press(window.page, "Tab", "Enter")
    gone = window.log.locator("[data-part=gone]:not([hidden])")
    expect(gone).to_have_text("You deleted this message.")


@pytest.mark.shows("switcher", on="desk")
def test_a_channel_is_found_by_its_name(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    channel_of(alice, bob, name="Choir rehearsals")
    window = open_window(alice)
    window.look_at(channel)
    _press(window.page, "Control+k")
    window.page.keyboard.type("choir")
    _press(window.page, "Enter")
    expect(window.page.locator("chat-header [data-title]")).to_have_text("Choir rehearsals")
    expect(window.composer).to_be_focused()
