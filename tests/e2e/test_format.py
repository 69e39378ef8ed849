"""Markdown by buttons and keys, and emoji in the line; the browser's own undo stays intact."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from messaging.models import Channel
from tests.e2e.conftest import Open
from tests.e2e.talking import press
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob, name="Year 5")


@pytest.fixture
def a(open_window: Open, channel: Channel, alice: User) -> Window:
    window = open_window(alice)
    window.look_at(channel)
    return window


def _choose(window: Window, words: str) -> None:
    """These words of what is being written are selected."""
    start = window.composer.input_value().index(words)
    window.composer.evaluate(
        "(field, [from, to]) => field.setSelectionRange(from, to)", [start, start + len(words)]
    )


@pytest.mark.shows("format", on="desk")
def test_a_button_marks_what_is_chosen_and_undo_takes_it_back(a: Window) -> None:
    a.composer.press_sequentially("The hall is free")
    _choose(a, "hall")
    a.page.get_by_role("toolbar").get_by_role("button", name="Bold").click()
    expect(a.composer).to_have_value("The **hall** is free")
    expect(a.composer).to_be_focused()
    press(a, "Control+z")
    expect(a.composer).to_have_value("The hall is free")
    press(a, "Control+Shift+KeyZ")
    expect(a.composer).to_have_value("The **hall** is free")


@pytest.mark.shows("format", on="desk")
def test_keys_do_what_the_buttons_do(a: Window) -> None:
    a.composer.press_sequentially("one")
    press(a, "Shift+Enter")
    a.page.keyboard.type("two")
    press(a, "Control+a", "Control+Shift+Digit8")
    expect(a.composer).to_have_value("- one\n- two")
    _choose(a, "two")
    press(a, "Control+b")
    expect(a.composer).to_have_value("- one\n- **two**")
    press(a, "Control+b")
    _choose(a, "one")
    press(a, "Control+i")
    expect(a.composer).to_have_value("- _one_\n- two")
    _choose(a, "two")
    press(a, "Control+Shift+KeyC")
    expect(a.composer).to_have_value("- _one_\n- `two`")
    press(a, "Control+Enter")
    row = a.sees("two")
    expect(row.locator("li")).to_have_count(2)
    expect(row.locator("em")).to_have_text("one")
    expect(row.locator("code")).to_have_text("two")


def test_the_buttons_are_reached_by_keys(a: Window) -> None:
    a.composer.press_sequentially("note")
    _choose(a, "note")
    press(a, "Shift+Tab", "Shift+Tab")  # past what attaches
    bold = a.page.get_by_role("toolbar").get_by_role("button", name="Bold")
    expect(bold).to_be_focused()
    press(a, "ArrowRight", "Enter")
    expect(a.composer).to_have_value("_note_")


@pytest.mark.shows("format", "emoji", on="phone")
def test_on_a_phone_they_stand_behind_one_button(
    open_window: Open, channel: Channel, alice: User
) -> None:
    phone = open_window(alice, viewport=PHONE)
    phone.page.goto("/")
    phone.wait_until_live()
    phone.channel_link("Year 5").tap()
    bar = phone.page.locator("chat-composer [role=toolbar]")
    expect(bar).to_be_hidden()
    phone.composer.tap()
    phone.page.get_by_role("button", name="How it looks").tap()
    expect(bar).to_be_visible()
    phone.page.keyboard.type("x")
    bar.get_by_role("button", name="Quotation").tap()
    expect(phone.composer).to_have_value("> x")
    expect(phone.composer).to_be_focused()
    phone.page.keyboard.type(" :tad")
    phone.page.get_by_role("option", name="party popper").tap()
    expect(phone.composer).to_have_value("> x 🎉 ")
    phone.page.keyboard.type(":tada:")
    expect(phone.composer).to_have_value("> x 🎉 🎉")


@pytest.mark.shows("emoji", on="desk")
def test_an_emoji_is_chosen_into_the_line(a: Window) -> None:
    a.composer.press_sequentially("Well done ")
    a.page.get_by_role("button", name="Choose an emoji").click()
    a.page.get_by_label("Find an emoji").fill("party")
    expect(a.page.get_by_role("gridcell").first).to_be_visible()
    press(a, "Enter")
    expect(a.composer).to_have_value("Well done 🎉")
    expect(a.composer).to_be_focused()
    press(a, "Control+z")
    expect(a.composer).to_have_value("Well done ")


def test_the_picker_is_walked_by_arrows_and_remembers_what_was_used(a: Window) -> None:
    a.composer.focus()
    press(a, "Control+Shift+KeyE")
    field = a.page.get_by_label("Find an emoji")
    expect(field).to_be_focused()
    expect(a.page.get_by_role("gridcell").first).to_be_visible()
    press(a, "ArrowDown")
    first = a.page.get_by_role("gridcell").first
    expect(first).to_be_focused()
    press(a, "ArrowRight", "ArrowDown")
    second_row = a.page.get_by_role("row").nth(1).get_by_role("gridcell").nth(1)
    expect(second_row).to_be_focused()
    chosen = second_row.text_content() or ""
    press(a, "Enter")
    expect(a.composer).to_have_value(chosen)
    a.page.reload()
    a.wait_until_live()
    a.composer.focus()
    press(a, "Control+Shift+KeyE")
    expect(a.page.get_by_role("rowgroup", name="Used last")).to_contain_text(chosen)
    press(a, "Escape")
    expect(field).to_be_hidden()
    expect(a.composer).to_be_focused()


@pytest.mark.shows("emoji", on="desk")
def test_a_skin_tone_is_chosen_once_and_kept(a: Window) -> None:
    a.page.get_by_role("button", name="Choose an emoji").click()
    a.page.get_by_role("button", name="Skin tone").click()
    a.page.get_by_role("radio", name="Medium dark").click()
    a.page.get_by_label("Find an emoji").fill("thumbs up")
    expect(a.page.get_by_role("gridcell").first).to_be_visible()
    press(a, "Enter")
    expect(a.composer).to_have_value("👍🏾")
    a.composer.press_sequentially(" :thumbsup")
    expect(a.page.get_by_role("option").first).to_be_visible()
    press(a, "Enter")
    expect(a.composer).to_have_value("👍🏾 👍🏾 ")


@pytest.mark.shows("emoji", on="desk")
def test_a_shortcode_is_completed_by_a_choice_or_by_its_second_colon(a: Window) -> None:
    a.composer.press_sequentially("Hooray :tad")
    expect(a.page.get_by_role("option", name="party popper")).to_be_visible()
    press(a, "Tab")
    expect(a.composer).to_have_value("Hooray 🎉 ")
    a.composer.press_sequentially(":tada:")
    expect(a.composer).to_have_value("Hooray 🎉 🎉")
    a.composer.press_sequentially(" at 10:30")
    press(a, "Enter")
    a.sees("Hooray 🎉 🎉 at 10:30")
