"""Forwarding: to a channel or a person, with the origin in words, and the reason of a refusal."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from messaging.models import Channel
from messaging.services.channels import create_channel, open_direct
from tests.e2e.conftest import Open
from tests.e2e.talking import focus, press
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staffroom(transactional_db: None, alice: User, bob: User) -> Channel:
    return create_channel(by=alice, kind="open", name="Staffroom", members=[bob])


@pytest.fixture
def a(open_window: Open, staffroom: Channel, alice: User, bob: User) -> Window:
    channel_of(alice, bob, name="Year 5")
    say(bob, staffroom, "The boiler man comes at **nine**")
    window = open_window(alice)
    window.look_at(staffroom)
    return window


@pytest.mark.shows("forward", on="both", people=2)
def test_a_message_goes_on_to_another_channel_and_says_where_from(
    a: Window, open_window: Open, staffroom: Channel, bob: User
) -> None:
    _forward_to_year_5(a)
    b = open_window(bob, viewport=PHONE)
    b.look_at(staffroom)
    _forward_to_year_5(b)
    b.page.get_by_role("button", name="Back to the channels").tap()
    b.channel_link("Year 5").click()
    a.channel_link("Year 5").click()
    expect(a.message("The boiler man").last).to_contain_text("Forwarded from Bob Brennan")
    expect(a.message("The boiler man")).to_have_count(2)
    row = b.message("The boiler man comes at nine").first
    expect(row.locator("[data-part=author]")).to_have_text("Alice Adeyemi")
    origin = row.locator("[data-part=origin]")
    expect(origin).to_contain_text("Forwarded from Bob Brennan in Staffroom")
    expect(row.locator("strong")).to_have_text("nine")


def _forward_to_year_5(window: Window) -> None:
    window.sees("The boiler man")
    window.choose("The boiler man", "Forward")
    dialog = window.page.get_by_role("dialog", name="Forward to…")
    expect(dialog).to_contain_text("Bob Brennan: The boiler man")
    expect(dialog.get_by_role("option", name="Staffroom")).to_have_count(0)
    dialog.get_by_role("combobox").fill("year")
    dialog.get_by_role("option", name="Year 5").first.click()
    expect(dialog).to_be_hidden()
    expect(window.page.get_by_text("Forwarded to Year 5.")).to_be_visible()


def test_the_keyboard_alone_forwards_to_a_person_who_was_never_written_to(
    a: Window, open_window: Open, dana: User
) -> None:
    a.page.reload()
    a.wait_until_live()
    row = focus(a, "The boiler man")
    press(a, "f")
    a.page.keyboard.type("dana")
    expect(a.page.get_by_role("option", name="Dana Doyle")).to_be_visible()
    press(a, "Enter")
    expect(a.page.get_by_text("Forwarded to Dana Doyle.")).to_be_visible()
    expect(row).to_be_focused()
    d = open_window(dana)
    d.page.goto("/")
    d.wait_until_live()
    d.channel_link("Alice Adeyemi").click()
    expect(d.sees("The boiler man")).to_contain_text("Forwarded from Bob Brennan in Staffroom")


def test_a_direct_message_is_not_offered_to_be_forwarded(a: Window, alice: User, bob: User) -> None:
    direct = open_direct(by=bob, people=[alice])
    say(bob, direct, "Between us")
    a.look_at(direct)
    focus(a, "Between us")
    press(a, "f")
    expect(a.page.get_by_role("dialog", name="Forward to…")).to_be_hidden()
    press(a, "Enter")
    expect(a.page.get_by_role("menuitem", name="Copy text")).to_be_visible()
    expect(a.page.get_by_role("menuitem", name="Forward")).to_be_hidden()


@pytest.mark.shows("errors-in-place", on="desk")
def test_where_it_is_refused_the_dialog_says_why_and_stays(
    a: Window, open_window: Open, alice: User, bob: User
) -> None:
    a.sees("The boiler man")
    a.choose("The boiler man", "Forward")
    dialog = a.page.get_by_role("dialog", name="Forward to…")
    expect(dialog.get_by_role("option", name="Year 5")).to_be_visible()
    press(a, "Enter")
    expect(dialog).to_be_visible()
    a.cut()
    press(a, "ArrowDown", "Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("The message was not forwarded.")
    expect(dialog).to_be_visible()
    a.mend()
    a.wait_until_live()
    press(a, "Enter")
    expect(a.page.get_by_text("Forwarded to Year 5.")).to_be_visible()
