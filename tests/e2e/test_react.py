"""Reactions: given, seen by others at once, taken back; by hand, by thumb, by keys."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from audit.models import Entry
from messaging.models import Channel
from messaging.services.channels import archive_channel
from tests.e2e.conftest import Open
from tests.e2e.talking import focus, hold, press, react, reactions
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    channel = channel_of(alice, bob, name="Year 5")
    say(bob, channel, "The coach is booked")
    return channel


@pytest.fixture
def a(open_window: Open, channel: Channel, alice: User) -> Window:
    window = open_window(alice)
    window.look_at(channel)
    return window


@pytest.fixture
def b(open_window: Open, channel: Channel, bob: User) -> Window:
    window = open_window(bob)
    window.look_at(channel)
    return window


@pytest.mark.shows("reaction", on="desk", people=2)
def test_a_reaction_is_seen_by_others_and_taken_back(a: Window, b: Window) -> None:
    react(a, "The coach is booked", "👍")
    mine = reactions(a, "The coach is booked")
    expect(mine).to_have_accessible_name("👍 1: You")
    expect(mine).to_have_attribute("aria-pressed", "true")
    theirs = reactions(b, "The coach is booked")
    expect(theirs).to_have_accessible_name("👍 1: Alice Adeyemi")
    expect(theirs).to_have_attribute("aria-pressed", "false")
    theirs.click()
    expect(mine).to_have_accessible_name("👍 2: You and Bob Brennan")
    expect(mine).to_have_attribute("title", "You and Bob Brennan")
    mine.click()
    expect(theirs).to_have_accessible_name("👍 1: You")
    theirs.click()
    expect(theirs).to_have_count(0)
    expect(mine).to_have_count(0)
    assert Entry.objects.filter(action="message.reacted").exists()


def test_another_emoji_is_chosen_by_its_name(a: Window, b: Window) -> None:
    row = a.sees("The coach is booked")
    row.hover()
    row.get_by_role("button", name="React with another emoji").click()
    field = a.page.get_by_label("Find an emoji")
    expect(field).to_be_focused()
    field.fill("party")
    a.page.get_by_role("gridcell", name="party popper").click()
    expect(reactions(b, "The coach is booked")).to_have_accessible_name("🎉 1: Alice Adeyemi")
    row.get_by_role("button", name="Add a reaction").click()
    expect(a.page.get_by_role("rowgroup", name="Used last")).to_contain_text("🎉")


def test_the_keyboard_alone_reacts_and_takes_it_back(a: Window, b: Window) -> None:
    row = focus(a, "The coach is booked")
    press(a, "+")
    a.page.keyboard.type("thumbs up")
    expect(a.page.get_by_role("gridcell").first).to_be_visible()
    press(a, "Enter")
    expect(row).to_be_focused()
    expect(reactions(b, "The coach is booked")).to_have_accessible_name("👍 1: Alice Adeyemi")
    press(a, "ArrowRight")
    expect(reactions(a, "The coach is booked")).to_be_focused()
    press(a, "Enter")
    expect(reactions(b, "The coach is booked")).to_have_count(0)
    press(a, "Escape")


@pytest.mark.shows("reaction", on="phone")
def test_a_thumb_reacts_by_a_long_press(open_window: Open, channel: Channel, alice: User) -> None:
    phone = open_window(alice, viewport=PHONE)
    phone.page.goto("/")
    phone.wait_until_live()
    phone.channel_link("Year 5").tap()
    hold(phone, "The coach is booked")
    menu = phone.page.get_by_role("menu", name="What to do with this message")
    heart = menu.get_by_role("menuitem", name="React: heart")
    box = heart.bounding_box()
    assert box is not None
    assert box["width"] >= 44
    assert box["height"] >= 44
    heart.tap()
    expect(reactions(phone, "The coach is booked")).to_have_accessible_name("❤️ 1: You")
    reactions(phone, "The coach is booked").tap()
    expect(reactions(phone, "The coach is booked")).to_have_count(0)


def test_an_archived_channel_takes_no_reactions(
    open_window: Open, channel: Channel, alice: User, bob: User
) -> None:
    archive_channel(by=alice, channel_id=channel.id)
    b = open_window(bob)
    b.look_at(channel)
    focus(b, "The coach is booked")
    press(b, "+")
    press(b, "Enter")
    menu = b.page.get_by_role("menu", name="What to do with this message")
    expect(menu.get_by_role("menuitem", name="Forward")).to_be_focused()
    expect(menu.get_by_role("menuitem", name="React: heart")).to_be_hidden()
    expect(menu.get_by_role("menuitem", name="Reply")).to_be_hidden()


def test_a_reaction_that_was_refused_does_not_stay_on_the_page(
    a: Window, channel: Channel, bob: User
) -> None:
    a.sees("The coach is booked")
    a.cut()
    react(a, "The coach is booked", "👍")
    expect(a.page.get_by_text("Your reaction was not kept.")).to_be_visible()
    expect(reactions(a, "The coach is booked")).to_have_count(0)
    a.mend()
