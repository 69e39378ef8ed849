"""The map of keys, a day in the past, and announcements that can be paused."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from accounts.models import User
from audit.clock import now
from messaging.models import Channel
from tests.conformance.scenes import history
from tests.e2e.conftest import Open
from tests.e2e.talking import press
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


@pytest.fixture
def a(open_window: Open, channel: Channel, alice: User) -> Window:
    window = open_window(alice)
    window.look_at(channel)
    return window


@pytest.mark.shows("key-map", on="desk")
def test_all_keys_are_listed_under_the_question_mark(a: Window) -> None:
    a.composer.press_sequentially("Is it?")
    keys = a.page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_hidden()
    press(a, "Control+/")
    expect(keys).to_contain_text("Find a channel or person")
    expect(keys.locator("dl > div", has_text="Bold")).to_contain_text("Ctrl B")
    press(a, "Escape")
    expect(a.composer).to_be_focused()
    a.page.locator("chat-rail a[data-channel]").first.focus()
    press(a, "?")
    expect(keys).to_be_visible()
    listed = keys.locator("dt").all_text_contents()
    table = a.page.evaluate("import('lib/keys').then((m) => m.KEYS.map((one) => one.words))")
    assert sorted(listed) == sorted(table)
    keys.get_by_role("button", name="Close").click()
    a.page.get_by_role("button", name="More about this conversation").click()
    a.page.get_by_role("menuitem", name="Keys").click()
    expect(keys).to_be_visible()


@pytest.mark.shows("jump-to-date", on="desk")
def test_one_goes_to_a_day_and_back(open_window: Open, channel: Channel, alice: User) -> None:
    history(alice, channel, 60, at=MARCH, words=" of March")
    history(alice, channel, 150, at=now() - timedelta(days=1), words=" of yesterday")
    a = open_window(alice)
    a.look_at(channel)
    a.sees("Line 149 of yesterday")
    press(a, "Control+g")
    field = a.page.get_by_label("Day", exact=True)
    expect(field).to_be_focused()
    field.fill("2026-03-01")
    press(a, "Enter")
    first = a.sees("Line 0 of March")
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()
    a.page.get_by_role("button", name="Back to where you were").click()
    expect(a.sees("Line 149 of yesterday")).to_be_in_viewport()


@pytest.mark.shows("jump-to-date", "announced", on="phone")
def test_a_thumb_goes_to_a_day_and_is_told_where_there_is_none(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    history(bob, channel, 3, at=MARCH, words=" of March")
    phone = open_window(alice, viewport=PHONE)
    phone.page.goto("/")
    phone.wait_until_live()
    phone.channel_link("Year 5").tap()
    phone.page.get_by_role("button", name="More about this conversation").tap()
    phone.page.get_by_role("menuitem", name="Go to a date").tap()
    phone.page.get_by_label("Day", exact=True).fill("2026-03-10")
    phone.page.get_by_role("button", name="Go there").tap()
    expect(phone.sees("Line 0 of March")).to_be_focused()
    voice = phone.page.locator("[data-voice]")
    say(bob, channel, "The bell is broken")
    expect(voice).to_have_text("Bob Brennan: The bell is broken")
    phone.page.get_by_role("button", name="More about this conversation").tap()
    phone.page.get_by_role("menuitemcheckbox", name="Announce new messages").tap()
    expect(voice).to_have_text("New messages are not announced any more.")


@pytest.mark.shows("announced", on="desk")
def test_announcements_are_paused_and_stay_so(a: Window, channel: Channel, bob: User) -> None:
    voice = a.page.locator("[data-voice]")
    say(bob, channel, "The bell is broken")
    expect(voice).to_have_text("Bob Brennan: The bell is broken")
    a.page.get_by_role("button", name="More about this conversation").focus()
    press(a, "Enter")
    a.page.get_by_role("menuitemcheckbox", name="Announce new messages").focus()
    press(a, "Enter", "Escape")
    expect(voice).to_have_text("New messages are not announced any more.")
    say(bob, channel, "It rings again")
    a.sees("It rings again")
    a.page.reload()
    a.wait_until_live()
    say(bob, channel, "And again")
    a.sees("And again")
    a.page.wait_for_timeout(1_500)  # longer than a batch waits
    expect(voice).to_have_text("")
    item = a.page.get_by_role("menuitemcheckbox", name="Announce new messages")
    a.page.get_by_role("button", name="More about this conversation").click()
    expect(item).to_have_attribute("aria-checked", "false")
    item.click()
    expect(voice).to_have_text("New messages are announced.")
