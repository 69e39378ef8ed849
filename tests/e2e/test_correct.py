"""Corrections: by the menu and the keys, under the message on every page, and by the officer."""

import pytest
from playwright.sync_api import Locator, expect

from accounts.models import User
from messaging.models import Channel
from tests.e2e.conftest import Open
from tests.e2e.talking import focus, press
from tests.e2e.window import PHONE, Window
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User, priya: User) -> Channel:
    channel = channel_of(alice, bob, priya, name="Year 5")
    late = say(alice, channel, "Sam was late on Monday")
    say(bob, channel, "I heard so, too", reply_to=late.id)
    return channel


def _dialog(window: Window) -> Locator:
    return window.page.get_by_role("dialog", name="Add a correction")


@pytest.mark.shows("correct", on="both", people=3)
def test_the_author_by_keys_and_the_officer_by_the_menu_correct_a_message_before_everybody(
    open_window: Open, channel: Channel, alice: User, bob: User, priya: User
) -> None:
    a, b = open_window(alice), open_window(bob, viewport=PHONE)
    b.look_at(channel)
    a.look_at(channel)
    focus(b, "Sam was late")
    press(b, "Enter")
    expect(b.page.get_by_role("menuitem", name="Reply")).to_be_visible()
    for item in ("Add a correction…", "Correct the record…"):
        expect(b.page.get_by_role("menuitem", name=item)).to_have_count(0)
    press(b, "Escape")

    row = focus(a, "Sam was late")
    press(a, "Enter")
    a.page.get_by_role("menuitem", name="Add a correction…").press("Enter")
    expect(_dialog(a).get_by_label("What is right?")).to_be_focused()
    press(a, "Escape")
    expect(row).to_be_focused()
    a.choose("Sam was late", "Add a correction…")
    _dialog(a).get_by_label("What is right?").fill("It was Tuesday.\nHe told me.")
    _dialog(a).get_by_role("button", name="Add the correction").click()
    expect(_dialog(a)).to_be_hidden()
    for window in (a, b):
        note = window.sees("Sam was late").locator(".correction")
        expect(note).to_contain_text("Correction")
        expect(note).to_contain_text(alice.display_name)
        expect(note).to_contain_text("It was Tuesday.")
    expect(b.sees("I heard so").locator(".message__quote")).to_contain_text("(corrected)")

    p = open_window(priya, viewport=PHONE)
    p.look_at(channel)
    p.choose("Sam was late", "Correct the record…")
    p.page.get_by_label("What is right?").fill("The register says: on time.")
    p.page.get_by_label("Number of the request or case").fill("SAR 4")
    p.page.get_by_role("button", name="Add the correction").click()
    expect(p.page.get_by_role("cell", name="SAR 4")).to_be_visible()
    assert p.violations() == []
    notes = b.sees("Sam was late").locator(".correction")
    expect(notes).to_have_count(2)
    expect(notes.last).to_contain_text("The register says: on time.")
    expect(notes.last).to_contain_text(priya.display_name)
    assert b.violations() == []
